-- Events that have arrived. Those with a `due_at` wait to be handled, those with a `done_at` were,
-- and those with a `dead_at` were tried too often.
CREATE TABLE "inbox" (
    "position" INTEGER PRIMARY KEY AUTOINCREMENT,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "received_at" TEXT NOT NULL,
    "due_at" TEXT,
    "done_at" TEXT,
    "dead_at" TEXT,
    UNIQUE ("source", "id")
) STRICT;

CREATE INDEX "inbox_due_at" ON "inbox" ("due_at", "position");
CREATE INDEX "inbox_done_at" ON "inbox" ("done_at");
CREATE INDEX "inbox_dead_at" ON "inbox" ("position") WHERE "dead_at" IS NOT NULL;
