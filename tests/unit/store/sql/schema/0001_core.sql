-- A small store for test_sql.c; the texts try the escapes of the generator.
-- function: kb_twice 1
CREATE TABLE item (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE CHECK (length(key) < 10),
	body TEXT NOT NULL DEFAULT 'ä "quoted" \ ??/ back',
	lapses INTEGER,
	picture BLOB
) STRICT;

CREATE TRIGGER item_frozen BEFORE UPDATE OF key ON item
BEGIN
	SELECT RAISE(ABORT, 'item.frozen: the key of an item never changes');
END;

CREATE TRIGGER item_kept BEFORE DELETE ON item WHEN OLD.lapses = 1
BEGIN
	SELECT RAISE(ABORT, 'Items that lapse stay: always');
END;
