resource "aws_lambda_function" "websocket" {
  function_name = "${var.name}-websocket"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  role          = aws_iam_role.websocket.arn

  filename         = var.zip_path
  source_code_hash = filebase64sha256(var.zip_path)

  environment {
    variables = {
      TABLE_MESSAGES    = var.messages_table
      TABLE_CONNECTIONS = var.connections_table
      WS_ENDPOINT       = var.ws_endpoint
    }
  }
}

resource "aws_iam_role" "websocket" {
  name = "rooms_websocket"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action    = "sts:AssumeRole"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.websocket.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_policy" "tables" {
  name = "rooms_tables"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem"]
        Resource = "arn:aws:dynamodb:*:*:table/${var.messages_table}"
      },
      {
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:DeleteItem"]
        Resource = "arn:aws:dynamodb:*:*:table/${var.connections_table}"
      },
      {
        Effect   = "Allow"
        Action   = ["execute-api:ManageConnections"]
        Resource = "arn:aws:execute-api:*:*:*/*/POST/@connections/*"
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "tables" {
  role       = aws_iam_role.websocket.name
  policy_arn = aws_iam_policy.tables.arn
}
