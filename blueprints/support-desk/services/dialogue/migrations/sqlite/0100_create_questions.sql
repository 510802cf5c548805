-- `revision` counts the changes, so that those who are told of them know which is later.
CREATE TABLE "questions" (
    "id" BLOB NOT NULL PRIMARY KEY,
    "conversation" BLOB NOT NULL REFERENCES "conversations" ("id") ON DELETE CASCADE,
    "text" TEXT NOT NULL,
    "topic" TEXT,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "answer" TEXT NOT NULL,
    "article" BLOB,
    "agent" TEXT,
    "helpful" INTEGER,
    "missing" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "questions_of_conversations" ON "questions" ("conversation", "id");
