-- What customers said of an answer, one row for each question: the latest that they said.
CREATE TABLE "ratings" (
    "question" UUID NOT NULL PRIMARY KEY,
    "article" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "helpful" BOOLEAN NOT NULL,
    "revision" BIGINT NOT NULL
);
