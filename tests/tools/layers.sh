# The sources keep to the layers and the other rules of the house.
set -eu
"$KB_SOURCE/tools/check-layers"
