-- Invoice lines → events. Needs the catalogue beside it: --with items=catalog.csv gives a line its category.
--
-- The same event twice in the file is two events: a row's identity is its columns and their occurrence.
SELECT
    line."InvoiceDate"                                        AS time,  -- no zone: the workspace's
    CASE
        WHEN line."InvoiceNo" LIKE 'C%' THEN 'refund'         -- quantity, and so amount, is negative
        WHEN CAST(line."UnitPrice" AS DECIMAL(18, 4)) = 0 THEN 'adjustment'
        ELSE 'purchase'
    END                                                       AS behavior,
    NULLIF(CAST(line."CustomerID" AS VARCHAR), '')            AS id_user_id,  -- none: rejected, no_identifier
    'shop'                                                    AS channel,
    CASE line."Country" WHEN 'China' THEN 'flagship' ELSE 'overseas' END AS shop,
    item."parent"                                             AS category,
    line."StockCode"                                          AS item,
    line."InvoiceNo"                                          AS order_id,
    CAST(line."Quantity" AS BIGINT) * CAST(line."UnitPrice" AS DECIMAL(18, 4)) AS amount,
    CAST(line."Quantity" AS BIGINT)                           AS quantity,
    line."Country"                                            AS country,
    line."Description"                                        AS description
FROM input AS line
LEFT JOIN items AS item ON item."kind" = 'item' AND item."id" = line."StockCode"
