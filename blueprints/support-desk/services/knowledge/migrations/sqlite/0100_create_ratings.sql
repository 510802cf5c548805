-- What customers said of an answer, one row for each question: the latest that they said.
CREATE TABLE "ratings" (
    "question" BLOB NOT NULL PRIMARY KEY,
    "article" BLOB NOT NULL,
    "text" TEXT NOT NULL,
    "helpful" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL
) STRICT;
