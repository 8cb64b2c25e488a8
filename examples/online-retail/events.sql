-- UCI Online Retail, one row per invoice line → events.
--
-- InvoiceNo C… is a cancellation; its quantity, and so its amount, is negative already. Lines without a price
-- are corrections of stock, gifts and samples: kept, as a custom behavior, so that they never count as sales.
-- Exact duplicates are kept: they are separate lines of the invoice.
SELECT
    "InvoiceDate"                                             AS time,  -- local wall clock: Europe/London
    CASE
        WHEN CAST("InvoiceNo" AS VARCHAR) LIKE 'C%' THEN 'refund'
        WHEN CAST("UnitPrice" AS DECIMAL(18, 4)) = 0 THEN 'adjustment'
        ELSE 'purchase'
    END                                                       AS behavior,
    NULLIF(CAST("CustomerID" AS VARCHAR), '')                 AS id_user_id,  -- none: rejected, no_identifier
    'shop'                                                    AS channel,
    CAST("StockCode" AS VARCHAR)                              AS item,
    CAST("InvoiceNo" AS VARCHAR)                              AS order_id,
    CAST("Quantity" AS BIGINT) * CAST("UnitPrice" AS DECIMAL(18, 4)) AS amount,
    CAST("Quantity" AS BIGINT)                                AS quantity,
    "Country"                                                 AS country,
    "Description"                                             AS description
FROM input
