-- Events that wait to be sent, and those that were sent of late. `position` is the order in which
-- they were written.
CREATE TABLE "outbox" (
    "position" INTEGER PRIMARY KEY AUTOINCREMENT,
    "id" BLOB NOT NULL UNIQUE,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "data" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "sent_at" TEXT
) STRICT;

CREATE INDEX "outbox_sent_at" ON "outbox" ("sent_at", "position");
