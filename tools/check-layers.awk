# Reads the sources that tools/check-layers names and prints each fault as file:line: sentence; ends with 1 if any.
# `root` is the folder that holds src/; `limit` the lines after which a file is remarked upon.

function allow(layer, list,    words, n, i) {
	n = split(list, words, " ")
	for (i = 1; i <= n; i++) allowed[layer, words[i]] = 1
	known[layer] = list
}

# Functions (or headers) of `list` belong into the layers of `where` only; "" is nowhere.
function only(list, where, why,    words, n, i) {
	n = split(list, words, " ")
	for (i = 1; i <= n; i++) {
		home[words[i]] = " " where " "
		reason[words[i]] = why
	}
}

BEGIN {
	allow("base", "base")
	allow("text", "base text")
	allow("crypt", "base crypt")
	allow("model", "base text crypt model")
	allow("engine", "base text crypt model engine")
	allow("store", "base text crypt model store sql")
	allow("render", "base text crypt model render")
	allow("exchange", "base text crypt model exchange")
	allow("app", "base text crypt model engine store render exchange app embedded")
	allow("cli", "base text crypt model engine store render exchange app cli")
	allow("web", "base text crypt model engine store render exchange app web")
	allow("main", "base text crypt model engine store render exchange app cli web")

	only("openssl/", "crypt", "libcrypto is used by src/crypt alone")
	only("sqlite3.h", "store", "SQLite is used by src/store alone")
	only("yaml.h jansson.h expat.h", "text", "foreign formats are read and written by src/text alone")
	only("microhttpd.h", "web", "HTTP is spoken by src/web alone")

	only("strcpy strcat sprintf vsprintf strncpy strncat gets", "", "it writes without knowing the room: use kb_buf, snprintf or memcpy")
	only("strtok rand srand", "", "it keeps hidden state")
	only("gmtime localtime asctime ctime", "", "it keeps hidden state and knows time zones: use base/date.h")
	only("mktemp tmpnam", "", "it races with whoever makes the file first: use base/file.h")
	only("atoi atol atoll atof", "", "it accepts anything: use kb_str_to_int")
	only("setlocale", "", "the same input gives the same bytes in every locale")
	only("alloca", "", "memory comes from an arena")
	only("time clock_gettime gettimeofday clock", "cli web main", "the clock comes in as an argument")
	only("fopen freopen fdopen tmpfile openat creat opendir", "base cli main", "files are opened by src/base (base/file.h)")
	only("printf vprintf puts putchar perror", "cli main", "only the command line prints")
	only("exit _exit quick_exit abort", "main", "only main() ends the process")
}

function fault(text) {
	sub(/^.*\/src\//, "src/", name)
	printf "%s:%d: %s\n", name, FNR, text
	faults++
}

function finish() {
	if (lines > limit) printf "%s: warning: %d lines; a file has one subject and at most %d\n", name, lines, limit
}

FNR == 1 {
	if (name != "") finish()
	name = FILENAME
	path = substr(FILENAME, length(root) + 6) # behind "root/src/"
	layer = path ~ /\// ? substr(path, 1, index(path, "/") - 1) : "main"
	in_comment = 0
	included = 0
	own = path
	sub(/\.c$/, ".h", own)
	if (!(layer in known)) fault("the folder src/" layer " is no layer that tools/check-layers knows")
}

{
	lines = FNR
	if (match($0, /^[ \t]*#[ \t]*include[ \t]*["<][^">]*[">]/)) check_include($0)
	check_calls(bare($0))
}

function check_include(line,    target, quoted, to, key) {
	match(line, /["<][^">]*[">]/)
	quoted = substr(line, RSTART, 1) == "\""
	target = substr(line, RSTART + 1, RLENGTH - 2)
	if (path ~ /\.c$/ && ++included == 1 && own != target && (own in headers))
		fault("the first include is its own header, \"" own "\", so that the header proves to be whole")
	if (!quoted) {
		for (key in home) {
			if (target != key && !(key ~ /\/$/ && index(target, key) == 1)) continue
			if (index(home[key], " " layer " ") == 0) fault("<" target "> in " layer ": " reason[key])
		}
		return
	}
	if (target !~ /^[a-z0-9_]+\/[^\/]+$/) {
		fault("\"" target "\": write the layer too, as in \"base/err.h\"")
		return
	}
	to = substr(target, 1, index(target, "/") - 1)
	if (!((layer, to) in allowed))
		fault(layer " may not include \"" target "\"; it may see: " known[layer])
}

# The line without comments, strings and characters.
function bare(line,    out, i, c, two, quote) {
	out = ""
	quote = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (in_comment) {
			if (two == "*/") { in_comment = 0; i++ }
		} else if (quote != "") {
			if (c == "\\") i++
			else if (c == quote) quote = ""
		} else if (two == "/*") { in_comment = 1; i++ }
		else if (two == "//") break
		else if (c == "\"" || c == "'") { quote = c; out = out " " }
		else out = out c
	}
	return out
}

function check_calls(line,    word, before) {
	if (line ~ /^[ \t]*#[ \t]*include/) return
	if (line ~ /(^|[^A-Za-z0-9_])open[ \t]*\(.*O_[A-Z]/ && layer !~ /^(base|cli|main)$/)
		fault("open in " layer ": " reason["fopen"])
	if (line ~ /(^|[^A-Za-z0-9_])(stdout|stderr)([^A-Za-z0-9_]|$)/ && layer !~ /^(cli|main)$/)
		fault("stdout or stderr in " layer ": " reason["puts"])
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		word = substr(line, RSTART, RLENGTH - 1)
		sub(/[ \t]+$/, "", word)
		before = substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (!(word in home) || before ~ /(\.|->)[ \t]*$/) continue
		if (index(home[word], " " layer " ") == 0)
			fault(word "() " (home[word] == "  " ? "is banned" : "in " layer) ": " reason[word])
	}
}

END {
	if (name != "") finish()
	exit faults > 0
}
