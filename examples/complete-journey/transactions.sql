-- transactions.csv, one row per product of a basket → purchases.
SELECT
    "transaction_timestamp"                                   AS time,  -- UTC
    'purchase'                                                AS behavior,
    CAST("household_id" AS VARCHAR)                           AS id_household_id,
    'shop'                                                    AS channel,
    CAST("store_id" AS VARCHAR)                               AS shop,
    CAST("product_id" AS VARCHAR)                             AS item,
    CAST("basket_id" AS VARCHAR)                              AS order_id,
    -- through DOUBLE, because some values are written like 4.44e-16
    CAST(CAST("sales_value" AS DOUBLE) AS DECIMAL(18, 4))     AS amount,
    CAST("quantity" AS BIGINT)                                AS quantity,
    CAST("retail_disc" AS DOUBLE)                             AS retail_disc,
    CAST("coupon_disc" AS DOUBLE)                             AS coupon_disc
FROM input
