-- Brands, shops, categories, items, channels and campaigns. An empty cell is no value.
SELECT
    "kind"                                                       AS kind,
    "id"                                                         AS id,
    "name"                                                       AS name,
    "name_zh"                                                    AS name_zh,
    NULLIF("parent", '')                                         AS parent,
    NULLIF("brand", '')                                          AS brand,
    CAST(NULLIF(CAST("price" AS VARCHAR), '') AS DECIMAL(18, 4)) AS price
FROM input
