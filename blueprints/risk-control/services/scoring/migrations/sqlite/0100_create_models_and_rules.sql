CREATE TABLE "models" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "document" TEXT NOT NULL,
    "metrics" TEXT NOT NULL,
    "received_at" TEXT NOT NULL
) STRICT;

CREATE TABLE "rules" (
    "revision" INTEGER PRIMARY KEY AUTOINCREMENT,
    "document" TEXT NOT NULL,
    "created_at" TEXT NOT NULL
) STRICT;
