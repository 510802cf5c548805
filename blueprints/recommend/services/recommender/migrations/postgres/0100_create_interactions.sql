-- What a user has to do with a product. Both only ever become true, so that events may come twice and in any order.
CREATE TABLE "interactions" (
    "user" UUID NOT NULL,
    "product" UUID NOT NULL,
    "viewed" BOOLEAN NOT NULL,
    "bought" BOOLEAN NOT NULL,
    PRIMARY KEY ("user", "product")
);
