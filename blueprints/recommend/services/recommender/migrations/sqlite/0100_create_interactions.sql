-- What a user has to do with a product. Both only ever become true, so that events may come twice and in any order.
CREATE TABLE "interactions" (
    "user" BLOB NOT NULL,
    "product" BLOB NOT NULL,
    "viewed" INTEGER NOT NULL,
    "bought" INTEGER NOT NULL,
    PRIMARY KEY ("user", "product")
) STRICT;
