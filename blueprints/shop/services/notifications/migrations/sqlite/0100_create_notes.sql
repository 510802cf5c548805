CREATE TABLE "notes" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "recipient" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TEXT NOT NULL
) STRICT;
