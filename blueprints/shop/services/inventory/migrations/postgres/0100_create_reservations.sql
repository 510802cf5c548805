CREATE TABLE "reservations" (
    "order_id" UUID NOT NULL PRIMARY KEY,
    "product" UUID NOT NULL,
    "quantity" BIGINT NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('held', 'released')),
    "created_at" TIMESTAMPTZ NOT NULL
);
