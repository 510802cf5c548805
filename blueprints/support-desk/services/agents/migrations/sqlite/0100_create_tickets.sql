-- Questions that wait for people. One that was closed before it came is here, too, so that it does
-- not wait when it comes.
CREATE TABLE "tickets" (
    "question" BLOB NOT NULL PRIMARY KEY,
    "conversation" BLOB NOT NULL,
    "text" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('open', 'taken', 'answered', 'closed')),
    "agent" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "tickets_that_wait" ON "tickets" ("created_at", "question") WHERE "status" IN ('open', 'taken');
-- Nobody works on two at a time.
CREATE UNIQUE INDEX "tickets_of_agents" ON "tickets" ("agent") WHERE "status" = 'taken';
