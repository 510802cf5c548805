-- Totals are hundredths. `due_at` says from when on anybody may go on with an order.
CREATE TABLE "orders" (
    "id" BLOB NOT NULL PRIMARY KEY,
    "customer" BLOB NOT NULL,
    "product" BLOB NOT NULL,
    "quantity" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL,
    "due_at" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL
) STRICT;

CREATE INDEX "orders_by_customer" ON "orders" ("customer", "id");
CREATE INDEX "orders_that_go_on" ON "orders" ("due_at") WHERE "status" NOT IN ('confirmed', 'cancelled');
