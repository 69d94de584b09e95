table_messages    = "RoomMessages"
table_connections = "RoomConnections"
lambda_name       = "rooms"
