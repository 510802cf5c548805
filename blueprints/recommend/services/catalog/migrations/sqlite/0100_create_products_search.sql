-- The full-text index of the products. Triggers keep it in the transaction of each change; what is in it can be made
-- again from the products (src/search.rs).
CREATE VIRTUAL TABLE "products_search" USING fts5("id" UNINDEXED, "name", "description", tokenize = 'porter unicode61');

CREATE TRIGGER "products_search_insert" AFTER INSERT ON "products" BEGIN
    INSERT INTO "products_search" ("id", "name", "description") VALUES (new."id", new."name", new."description");
END;

CREATE TRIGGER "products_search_update" AFTER UPDATE ON "products" BEGIN
    DELETE FROM "products_search" WHERE "id" = old."id";
    INSERT INTO "products_search" ("id", "name", "description") VALUES (new."id", new."name", new."description");
END;

CREATE TRIGGER "products_search_delete" AFTER DELETE ON "products" BEGIN
    DELETE FROM "products_search" WHERE "id" = old."id";
END;
