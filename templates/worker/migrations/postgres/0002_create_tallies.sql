CREATE TABLE "tallies" (
    "type" TEXT NOT NULL PRIMARY KEY,
    "count" BIGINT NOT NULL
);
