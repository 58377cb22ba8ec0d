# kb-sqlgen names each fault with file, line and column, and writes nothing when there is one.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/ksbank-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# refuse NAME EXPECTED: the SQL in db/ must give exactly this.
refuse() {
	rm -f out.*
	if "$KB_SQLGEN" t db out plan > got 2>&1; then
		echo "$1: was accepted"
		exit 1
	fi
	if [ "$(cat got)" != "$2" ]; then
		printf '%s: expected\n%s\nbut got\n' "$1" "$2"
		cat got
		exit 1
	fi
	if [ -e out.c ] || [ -e out.h ] || [ -e plan ]; then
		echo "$1: wrote something"
		exit 1
	fi
}

fresh() {
	rm -rf db
	mkdir -p db/schema db/query
	cat > db/schema/0001_core.sql <<-'END'
		CREATE TABLE item (id INTEGER PRIMARY KEY, key TEXT NOT NULL, lapses INTEGER) STRICT;
	END
}

# query EXPECTED: one query file on standard input.
query() {
	fresh
	cat > db/query/q.sql
	refuse "$(head -1 db/query/q.sql)" "$1
kb-sqlgen: t: 1 faults in the SQL"
}

query 'db/query/q.sql:3:12: error: a: no such column: kez' <<'END'
-- name: a :one
-- out: id int
SELECT id, kez FROM item;
END
query 'db/query/q.sql:4:23: error: a: no such column: item.kez' <<'END'
-- name: a :one
-- out: id int
SELECT id FROM item
	WHERE 'äö' = key AND item.kez = 3;
END
query 'db/query/q.sql:2:8: error: a: the statement has no parameter :day' <<'END'
-- name: a :exec
-- in: day int
DELETE FROM item;
END
query 'db/query/q.sql:2:28: error: a: :key is not declared in "-- in:"' <<'END'
-- name: a :exec
DELETE FROM item WHERE key=:key;
END
query 'db/query/q.sql:2:9: error: a: item.lapses may be null: declare lapses with "?"' <<'END'
-- name: a :one
-- out: lapses int
SELECT lapses FROM item;
END
query 'db/query/q.sql:2:9: error: a: item.key is TEXT' <<'END'
-- name: a :one
-- out: key int
SELECT key FROM item;
END
query 'db/query/q.sql:2:9: error: a: column 1 is key, declared as kez' <<'END'
-- name: a :one
-- out: kez text
SELECT key FROM item;
END
query 'db/query/q.sql:2:19: error: a: the statement has no column for id' <<'END'
-- name: a :one
-- out: key text, id int
SELECT key FROM item;
END
query 'db/query/q.sql:1:10: error: a: column 2, id, is not declared in "-- out:"' <<'END'
-- name: a :one
-- out: key text
SELECT key, id FROM item;
END
query 'db/query/q.sql:1:10: error: a: an :exec query gives no columns' <<'END'
-- name: a :exec
SELECT key, id FROM item;
END
query 'db/query/q.sql:1:10: error: a: the statement gives no columns: make it :exec' <<'END'
-- name: a :many
DELETE FROM item;
END
query 'db/query/q.sql:2:19: error: a: more than one statement' <<'END'
-- name: a :exec
DELETE FROM item; DELETE FROM item;
END
query 'db/query/q.sql:1:10: error: a: there is no statement' <<'END'
-- name: a :exec
-- and nothing more
END
query 'db/query/q.sql:1:10: error: expected "-- name: some_name" and :one, :many or :exec' <<'END'
-- name: a :all
DELETE FROM item;
END
query 'db/query/q.sql:3:10: error: there is a query "a" already, in db/query/q.sql' <<'END'
-- name: a :exec
DELETE FROM item;
-- name: a :exec
DELETE FROM item;
END
query 'db/query/q.sql:2:8: error: expected a name and a type: int, text or blob, with "?" where it may be null' <<'END'
-- name: a :exec
-- in: key number
DELETE FROM item WHERE key = :key;
END
query 'db/query/q.sql:2:18: error: "key" is declared twice' <<'END'
-- name: a :exec
-- in: key text, key int
DELETE FROM item WHERE key = :key;
END
query 'db/query/q.sql:2:1: error: expected "-- name: ..." before the first statement' <<'END'
-- No name at all.
DELETE FROM item;
END
query 'db/query/q.sql:2:1: error: a: parameters are written as :name' <<'END'
-- name: a :exec
DELETE FROM item WHERE key = ?;
END

fresh
printf 'CREATE TABLE x (id INTEGERS) STRICT;\n' > db/schema/0002_x.sql
refuse 'unknown type' 'db/schema/0002_x.sql:1:1: error: unknown datatype for x.id: "INTEGERS"
kb-sqlgen: t: 1 faults in the SQL'
printf '\nCREATE TABLE y (id INTEGER) STRICT;\nCREATE INDEX z ON y (idd);\n' > db/schema/0002_x.sql
refuse 'unknown column' 'db/schema/0002_x.sql:3:22: error: no such column: idd
kb-sqlgen: t: 1 faults in the SQL'
printf 'COMMIT;\n' > db/schema/0002_x.sql
refuse 'transaction' 'db/schema/0002_x.sql:1:1: error: a migration runs in one transaction, so it may not begin or end one
kb-sqlgen: t: 1 faults in the SQL'
mv db/schema/0002_x.sql db/schema/0003_x.sql
refuse 'gap' 'db/schema/0003_x.sql:1:1: error: the next migration has the number 0002
kb-sqlgen: t: 1 faults in the SQL'
mv db/schema/0003_x.sql db/schema/2_x.sql
refuse 'name' "db/schema/2_x.sql:1:1: error: a migration's file is named as 0001_name.sql
kb-sqlgen: t: 1 faults in the SQL"

# Nothing at all is fine.
rm -rf db
"$KB_SQLGEN" t db out plan
[ -s out.c ] && [ -s out.h ] && [ ! -s plan ]
