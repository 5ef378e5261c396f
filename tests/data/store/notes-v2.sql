PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, tags TEXT NOT NULL DEFAULT '', colour TEXT NOT NULL DEFAULT 'yellow');
INSERT INTO note VALUES(1,'buy rice','shopping','yellow');
INSERT INTO note VALUES(2,'买米','','blue');
PRAGMA user_version=2;
COMMIT;
