-- The full-text index of the products: the database computes it from the row itself, so that it can't be lost without it.
ALTER TABLE "products" ADD COLUMN "search" TSVECTOR GENERATED ALWAYS AS (
    setweight(to_tsvector('english', "name"), 'A') || setweight(to_tsvector('english', "description"), 'B')
) STORED;

CREATE INDEX "products_search" ON "products" USING GIN ("search");
