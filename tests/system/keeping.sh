# Keeping a store safe: backups while somebody writes, restores that check first, checks, sealed keys, sealed files.
. "$KB_SOURCE/tests/golden/common"

# Text for people, in one line.
flat() {
	tr '\n' ' ' | tr -s ' '
}

new_store ksbank.db
fill ksbank.db
draw AP-1 first 2026-11-22 > /dev/null

# A backup while another process writes all the time: each one is the store at one moment, and nobody waits for it.
(
	i=0
	while [ ! -e stop ]; do
		i=$((i + 1))
		draw "W-$i" first 2026-11-22 --json > drawn.json 2>&1 || { cp drawn.json writer-failed; break; }
		echo $i > written
	done
) &
writer=$!
for i in 1 2 3 4 5; do
	"$KSBANK" store backup "during-$i.db" --json > said.json
	is_json said.json
	same "entries that backup $i says" "$(at said.json '$.entries')" "$(sql "during-$i.db" "SELECT count(*) FROM log")"
	same "integrity of backup $i" "$(sql "during-$i.db" "PRAGMA integrity_check")" ok
	same "mode of backup $i" "$(stat -c %a "during-$i.db")" 600
done
: > stop
wait $writer
[ ! -e writer-failed ] || { failed "a draw failed during a backup: $(cat writer-failed)"; exit 1; }
[ "$(cat written)" -ge 2 ] || { failed "nothing was written meanwhile"; exit 1; }
same "what backups left beside them" "$(ls | grep -E 'new|wal|shm' || true)" ""
same "backups in the log" "$(sql ksbank.db "SELECT count(*) FROM log WHERE operation = 'store backup'")" 5
"$KSBANK" audit verify > /dev/null

# Never over a file that is there; the keys apart, or with it where that is asked for.
fails 1 "$KSBANK" store backup during-1.db | holds "during-1.db is there already"
"$KSBANK" store backup kept.db | flat | holds "The keys are not in it"
[ ! -e kept.db.keys ] || { failed "keys in a backup without --with-keys"; exit 1; }
(umask 000 && "$KSBANK" store backup open.db --with-keys) | flat | holds "open.db.keys"
same "modes of a backup" "$(stat -c %a open.db open.db.keys | tr '\n' ' ')" "600 600 "
cmp ksbank.db.keys open.db.keys

# A restore says what it loses, and keeps what it replaces; nothing is lost without the word for it.
cp open.db whole.db
draw AP-2 first 2026-11-22 > /dev/null
before=$(sql ksbank.db "SELECT count(*) FROM log")
entries=$(sql open.db "SELECT count(*) FROM log")
fails 1 "$KSBANK" store restore open.db > said
holds "this loses $((before - entries)) entries of the log, from number $((entries + 1)) on" < said
holds "the backup is older" < said
same "entries after a refused restore" "$(sql ksbank.db "SELECT count(*) FROM log")" "$before"
"$KSBANK" store restore open.db --lose-entries | flat | holds "2 of its log entries are in that file only"
cmp open.db whole.db
same "entries after a restore" "$(sql ksbank.db "SELECT count(*) FROM log")" $((entries + 1))
same "the entry of a restore" "$(sql ksbank.db "SELECT json_extract(detail, '$.effects.lost') FROM log WHERE operation = 'store restore'")" 2
replaced=$(ls -d ksbank.db.replaced-*)
same "files beside the stores" "$(ls | grep -E 'new$|wal|shm|journal' || true)" ""
same "mode of the replaced store" "$(stat -c %a "$replaced")" 600
cp ksbank.db.keys "$replaced.keys"
"$KSBANK" audit verify --store "$replaced" > /dev/null
"$KSBANK" audit verify > /dev/null
draw AP-3 first 2026-11-22 > /dev/null

# A backup that goes on where the store stands loses nothing; one of another history is refused.
"$KSBANK" store backup later.db > /dev/null
cp later.db store2.db
sql store2.db "SELECT count(*) FROM log" > /dev/null
"$KSBANK" store restore later.db --to store2.db | flat | holds "; 0 of its log entries"
new_store alien.db
fill alien.db
fails 1 "$KSBANK" store restore later.db --to alien.db | holds "the backup has another history"
fails 2 "$KSBANK" store restore ksbank.db | holds "ksbank.db is the store itself"
"$KSBANK" store restore open.db --to fresh/../fresh.db --json > said.json 2>&1 || true
holds '"file"' < said.json
"$KSBANK" store restore open.db --to fresh.db | flat | lacks "Its keys are not there"
"$KSBANK" paper verify --store fresh.db > /dev/null

# A damaged backup is refused, whatever is wrong with it, and nothing changes.
sum=$(cksum ksbank.db)
damaged() {
	fails "$1" "$KSBANK" store restore bad.db --lose-entries > said
	holds "$2" < said
	same "the store after a refused restore" "$(cksum ksbank.db)" "$sum"
	rm -f bad.db
}
head -c 100000 later.db > bad.db
damaged 3 "bad.db can't be restored"
printf 'Dear reader, this is a letter, and long enough to be mistaken for a database header.\n' > bad.db
damaged 1 "is not a ksbank store"
cp later.db bad.db
sqlite3 bad.db "PRAGMA user_version = 99"
damaged 1 "was written by a newer ksbank"
cp later.db bad.db
sqlite3 bad.db "DROP TRIGGER log_stays; DELETE FROM log WHERE sequence = 2"
damaged 3 "of the log"
cp later.db bad.db
sqlite3 bad.db "DROP TRIGGER item_version_kept; UPDATE item_version SET author = 'eve' WHERE id = 3"
damaged 3 "item_version 3: this row was changed"
cp later.db bad.db
printf 'not empty' > bad.db-wal
damaged 1 "bad.db is a store in use, not a backup"
rm -f bad.db-wal
same "what refused restores left" "$(ls | grep -E 'new' || true)" ""

# A store that can't be read is replaced too, on the word for it, and kept.
head -c 100000 ksbank.db > cut.db
cp ksbank.db.keys cut.db.keys
printf 'left behind' > cut.db-wal
fails 1 "$KSBANK" store restore later.db --to cut.db | holds "what this loses can't be told, since cut.db can't be read"
"$KSBANK" store restore later.db --to cut.db --lose-entries | flat | holds "what only it holds can't be told"
"$KSBANK" audit verify --store cut.db > /dev/null
same "bytes of the store that was cut" "$(stat -c %s cut.db.replaced-*Z)" 100000

# While somebody has it open it is not replaced; who waited does not write into the file that was put aside.
lock ksbank.db
draw AP-9 first 2026-11-22 > waited 2>&1 &
waiter=$!
sleep 0.3
"$KSBANK" store restore later.db --lose-entries > restored 2>&1 &
restorer=$!
sleep 0.5
[ ! -s restored ] || { failed "a restore did not wait: $(cat restored)"; exit 1; }
unlock
drawn=0 done=0
wait $waiter || drawn=$?
wait $restorer || done=$?
papers=$(sql ksbank.db "SELECT count(*) FROM paper p JOIN candidate c ON c.id = p.candidate_id WHERE c.reference = 'AP-9'")
case "$drawn,$done,$papers" in
0,1,1) holds "somebody else wrote to the store meanwhile" < restored ;;
0,0,*) flat < restored | holds "entries are in that file only" ;;
1,0,0) holds "the store was replaced" < waited ;;
*) failed "draw $drawn, restore $done, papers $papers: $(cat waited restored)"; exit 1 ;;
esac
"$KSBANK" audit verify > /dev/null

# The check names each thing and what to do.
"$KSBANK" store check --store fresh.db --date 2026-11-22 | flat | holds "only you can read the files"
chmod 644 fresh.db
chmod 640 fresh.db.keys
fails 1 "$KSBANK" store check --store fresh.db --date 2026-11-22 > said
holds "do: chmod 600 fresh.db" < said
holds "do: chmod 600 fresh.db.keys" < said
chmod 600 fresh.db fresh.db.keys
"$KSBANK" store check --store fresh.db --date 2026-12-24 | flat | holds "the store was restored from one on "
same "what waits for a backup" "$("$KSBANK" store check --store fresh.db | grep -c "to be backed up" || true)" 0
draw AP-9 first 2026-11-22 --store fresh.db > /dev/null
"$KSBANK" store check --store fresh.db --date 2026-11-22 | flat | holds "to be backed up: what was done since 2026-11-22"
fails 1 "$KSBANK" store check --store fresh.db --date 2026-12-24 | holds "make one: ksbank store backup FILE"
mv fresh.db.keys away
fails 1 "$KSBANK" store check --store fresh.db --date 2026-11-22 | flat | holds "put the key file that was made with the store back at fresh.db.keys"
"$KSBANK" store init foreign.db > /dev/null
cp foreign.db.keys fresh.db.keys
fails 1 "$KSBANK" store check --store fresh.db --date 2026-11-22 --json > said.json
holds "the keys in fresh.db.keys are not those that this store's papers were drawn with" < said.json
is_json said.json
before=$(sql fresh.db "SELECT count(*) FROM log")
fails 1 draw AP-10 first 2026-11-22 --store fresh.db | holds "put the key file that was made with the store back there"
fails 1 "$KSBANK" audit sign --store fresh.db | holds "are not those that this store's papers were drawn with"
same "entries made with foreign keys" "$(sql fresh.db "SELECT count(*) FROM log")" "$before"
# This store's own signing key does not hide it.
printf '{"draw":"%064d","format":"ksbank-keys/1","sign":"%064d"}\n' 9 8 > fresh.db.keys
fails 1 "$KSBANK" store check --store fresh.db --date 2026-11-22 | holds "are not those that this store's papers were drawn with"
mv away fresh.db.keys

# A new key: what the old one signed is still proven. Broken off between the key file and its row, it heals by itself.
"$KSBANK" store key | flat | holds "Key 2 signs from now on"
"$KSBANK" audit verify > /dev/null
draw AP-4 first 2026-11-22 > /dev/null
cp ksbank.db rolled-back.db
"$KSBANK" store key > /dev/null
cp ksbank.db.keys rolled-back.db.keys
fails 1 "$KSBANK" store check --store rolled-back.db | holds "after a broken off store key do it again"
"$KSBANK" store key --store rolled-back.db > /dev/null
"$KSBANK" store check --store rolled-back.db > /dev/null
"$KSBANK" audit verify --store rolled-back.db > /dev/null

# Keys under a passphrase.
printf 'lamp oil and seven gulls\n' > passphrase
printf 'lamp oil and eight gulls\n' > wrong
printf 'short\n' > short
fails 1 "$KSBANK" store init sealed.db --passphrase-file short | holds "a password has 10"
"$KSBANK" store init sealed.db --passphrase-file passphrase | flat | holds "sealed under the passphrase"
grep -q '"draw"' sealed.db.keys && failed "keys in the clear"
fill sealed.db
fails 1 draw AP-1 first 2026-11-22 --store sealed.db < /dev/null | holds "the store's keys are sealed under a passphrase"
fails 1 draw AP-1 first 2026-11-22 --store sealed.db --passphrase-file wrong | holds "that passphrase does not open"
draw AP-1 first 2026-11-22 --store sealed.db --passphrase-file passphrase > /dev/null
"$KSBANK" store check --store sealed.db --date 2026-11-22 | flat | holds "give --passphrase-file to see whether"
"$KSBANK" store check --store sealed.db --date 2026-11-22 --passphrase-file passphrase | flat | holds "they are this store's; sealed under a passphrase"
"$KSBANK" store key --store sealed.db --passphrase-file passphrase --new-passphrase-file wrong > /dev/null
fails 1 draw AP-2 first 2026-11-22 --store sealed.db --passphrase-file passphrase | flat | holds "that passphrase does not open"
draw AP-2 first 2026-11-22 --store sealed.db --passphrase-file wrong > /dev/null
"$KSBANK" audit verify --store sealed.db > /dev/null

# Who may not keep the store restores nothing, and makes no backup.
"$KSBANK" user add head --role admin --store sealed.db > /dev/null
"$KSBANK" user add pen --role writer --store sealed.db --as head > /dev/null
fails 1 "$KSBANK" store backup pen.db --store sealed.db --as pen | holds "may not keep the store"
"$KSBANK" store backup head.db --store sealed.db --as head > /dev/null
fails 1 "$KSBANK" store restore head.db --store sealed.db --as pen --lose-entries | holds "may not keep the store"
fails 1 "$KSBANK" store restore head.db --to other.db --as nobody | holds "the store knows nobody by the name nobody"
[ ! -e other.db ] || { failed "restored by nobody"; exit 1; }

# Sealed files are opened by stock openssl, by each recipient and by nobody else.
openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -subj /CN=inspector -days 2 2> /dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -subj /CN=head -days 2 2> /dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -subj /CN=other -days 2 2> /dev/null
cat rsa.pem ec.pem > both.pem
"$KSBANK" store seal later.db --to later.cms --recipient both.pem | flat | holds "openssl cms -decrypt -binary -inform DER -in later.cms"
same "mode of a sealed file" "$(stat -c %a later.cms)" 600
for key in rsa ec; do
	openssl cms -decrypt -binary -inform DER -in later.cms -out opened -inkey $key.key -recip $key.pem
	cmp opened later.db
done
! openssl cms -decrypt -binary -inform DER -in later.cms -out opened -inkey other.key -recip other.pem 2> /dev/null || failed "opened by somebody else"
"$KSBANK" store seal later.db --to password.cms --new-password-file passphrase > /dev/null
openssl cms -decrypt -binary -inform DER -in password.cms -out opened -pwri_password "$(cat passphrase)"
cmp opened later.db
! openssl cms -decrypt -binary -inform DER -in password.cms -out opened -pwri_password "$(cat wrong)" 2> /dev/null || failed "opened by another password"
: > empty
"$KSBANK" store seal empty --to empty.cms --new-password-file passphrase > /dev/null
openssl cms -decrypt -binary -inform DER -in empty.cms -out opened -pwri_password "$(cat passphrase)"
cmp opened empty
fails 1 "$KSBANK" store seal later.db --to later.cms --recipient rsa.pem | holds "later.cms is there already"
fails 1 "$KSBANK" store seal later.db --to x.cms --recipient rsa.key | holds "there is no certificate in PEM form"
fails 2 "$KSBANK" store seal later.db --to x.cms | holds "needs either --recipient or --new-password-file"
fails 1 "$KSBANK" store seal later.db --to x.cms --new-password-file short | holds "a password has 10"
same "what a refused seal left" "$(ls | grep 'x\.cms' || true)" ""

# A full disk: no half backup, no half seal, and a restore leaves the store as it was.
mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=300k none small 2> /dev/null; then
	trap 'umount small; rm -rf "$work"' EXIT
	fails 1 "$KSBANK" store backup small/b.db | holds "the disk is full"
	fails 1 "$KSBANK" store restore later.db --to small/r.db | holds "No space left"
	fails 1 "$KSBANK" store seal later.db --to small/later.cms --new-password-file passphrase | holds "No space left"
	same "left on a full disk" "$(ls small)" ""
	umount small
	trap 'rm -rf "$work"' EXIT
else
	echo "keeping.sh: no tmpfs can be mounted here: a full disk is not tested" >&2
fi
