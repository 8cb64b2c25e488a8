-- The columns have the names of an event's parts already; `query` and `rating` become properties.
SELECT
    "time", "behavior", "channel", "shop", "brand", "category", "campaign", "item", "order_id", "amount",
    "quantity", "message_id", "id_user_id", "id_unionid", "id_openid", "id_phone", "id_email", "id_device",
    "id_anonymous_id", "query", "rating"
FROM input
