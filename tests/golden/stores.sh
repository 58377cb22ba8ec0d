# What a store's file can be instead of a sound store: each time one clear sentence with the way out, and nothing changes.
. "$KB_SOURCE/tests/golden/common"

new_store sound.db
fill sound.db

# refused CODE TEXT COMMAND...: the file given in $file stays as it is.
refused() {
	code=$1 text=$2
	shift 2
	before=$(cksum "$file" 2> /dev/null || echo none)
	fails "$code" "$KSBANK" "$@" --store "$file" > said
	holds "$text" < said
	same "lines said by $*" "$(wc -l < said)" 2
	same "$file after $*" "$(cksum "$file" 2> /dev/null || echo none)" "$before"
}

file=nowhere.db
refused 1 "there is no store at nowhere.db" paper list
refused 1 "make one with: ksbank store init" paper list
file=no/folder.db
refused 1 "no/folder.db" store init

printf 'Dear reader, this is a letter, and long enough to be mistaken for a database header.\n' > letter.db
: > empty.db
head -c 5000 /dev/urandom > random.db
sqlite3 other.db "CREATE TABLE address (name TEXT); INSERT INTO address VALUES ('Zoe')"
for file in letter.db empty.db random.db other.db; do
	refused 1 "$file is not a ksbank store" paper list
	refused 1 "is not a ksbank store" bank import "$BANK"
	refused 1 "there is already a store" store init
done
mkdir folder.db
file=folder.db
fails 1 "$KSBANK" paper list --store folder.db | holds "folder.db is a folder, not a store"

# A link leads to the store and to the keys beside it.
mkdir -p links
ln -s ../sound.db links/link.db
ln -s . here
draw AP-1 first 2026-11-22 --store links/link.db > /dev/null
draw AP-1 resit 2026-12-22 --store here/sound.db > /dev/null

# A store that a newer program wrote, and one whose schema another program made.
cp sound.db newer.db
sqlite3 newer.db "PRAGMA user_version = 99"
file=newer.db
refused 1 "was written by a newer ksbank" paper list
refused 1 "install that newer ksbank" bank import "$BANK"
cp sound.db foreign.db
sqlite3 foreign.db "UPDATE meta SET value = '$(printf %064d 1)' WHERE name LIKE 'migration%'"
file=foreign.db
refused 3 "schema was made by another program" paper list

# Cut short, as by a full disk or a broken copy.
head -c 100000 sound.db > cut.db
cp sound.db.keys cut.db.keys
for command in "question list $STANDARD" "paper verify" "paper draw $STANDARD $METHOD --candidate AP-1 --sitting first --date 2026-11-22"; do
	fails 3 "$KSBANK" $command --store cut.db > said
	holds "restore the latest backup" < said
done

# The keys: gone, not keys, of another format.
cp sound.db keyless.db
file=keyless.db
set -- paper draw $STANDARD $METHOD --candidate AP-1 --sitting first --date 2026-11-22
refused 1 "put the key file that was made with the store back at keyless.db.keys" "$@"
printf '{"draw":"short","format":"ksbank-keys/1"}\n' > keyless.db.keys
refused 3 "keyless.db.keys does not hold the keys of a store" "$@"
printf 'letter\n' > keyless.db.keys
fails 1 "$KSBANK" "$@" --store keyless.db | holds keyless.db.keys
"$KSBANK" question list $STANDARD --store keyless.db > /dev/null

# An existing store, or keys whose store is gone, are never overwritten.
file=sound.db
refused 1 "never overwritten" store init
cp sound.db.keys lost.db.keys
file=lost.db
refused 1 "never overwritten" store init
cmp sound.db.keys lost.db.keys

# Nobody else may read what a store holds, whatever the umask.
(umask 000 && "$KSBANK" store init open.db > /dev/null && "$KSBANK" bank import "$BANK/standard.yaml" --store open.db > /dev/null)
same "modes of the store" "$(stat -c %a open.db open.db.keys | tr '\n' ' ')" "600 600 "

# Somebody else writes for longer than anybody waits: said after the wait, not before, and reading goes on meanwhile.
# (It waits for half a minute; here the writer lets go in time.)
lock sound.db
"$KSBANK" standard list --store sound.db > /dev/null
"$KSBANK" bank import "$BANK/standard.yaml" --store sound.db > waited &
importer=$!
sleep 0.5
[ ! -s waited ] || { failed "an import did not wait for the other writer"; exit 1; }
unlock
wait $importer
holds "Standards" < waited

# As another user without the right to write, where this one is root and may do everything.
file=sound.db
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$KSBANK" 2> /dev/null; then
	mkdir others
	cp sound.db sound.db.keys others
	chmod 755 . others
	chmod 644 others/sound.db
	as_other="setpriv --reuid=65534 --regid=65534 --clear-groups"
	fails 1 $as_other "$KSBANK" store init others/new.db > said
	holds "others/new.db" < said
	fails 1 $as_other "$KSBANK" bank import "$BANK" --store others/sound.db > said
	holds "permi" < said
	cmp sound.db others/sound.db
	chmod 600 others/sound.db
	fails 1 $as_other "$KSBANK" paper list --store others/sound.db > said
	holds "can be read and written by you" < said
else
	echo "stores.sh: not root, or no setpriv: the rights of other users are not tested" >&2
fi

# A full disk: nothing half is kept, and it goes on when there is room.
mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=1600k none small 2> /dev/null; then
	trap 'umount small; rm -rf "$work"' EXIT
	"$KSBANK" store init small/ksbank.db > /dev/null
	"$KSBANK" bank import "$BANK/standard.yaml" --store small/ksbank.db > /dev/null
	head -c 1600k /dev/zero > small/filler 2> /dev/null || true
	fails 1 "$KSBANK" bank import "$BANK" --approved-by reviewer-1 --store small/ksbank.db > said
	holds "the disk is full; nothing was changed" < said
	rm small/filler
	same "questions after the disk was full" "$(sql small/ksbank.db "SELECT count(*) FROM item")" 0
	same "the store after the disk was full" "$(sql small/ksbank.db "PRAGMA integrity_check")" ok
	mkdir tiny
	mount -t tmpfs -o size=8k none tiny
	fails 1 "$KSBANK" store init tiny/ksbank.db > said
	holds "the disk is full" < said
	same "left of a store that could not be made" "$(ls tiny)" ""
	umount tiny
	umount small
	trap 'rm -rf "$work"' EXIT
else
	echo "stores.sh: no tmpfs can be mounted here: a full disk is not tested" >&2
fi
