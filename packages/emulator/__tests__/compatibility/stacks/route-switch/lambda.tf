data "aws_iam_policy_document" "courier_lambda" {
  statement {
    actions = [
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:PutLogEvents"
    ]
    effect    = "Allow"
    resources = ["arn:aws:logs:*:*:*"]
  }
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/dist"
  output_path = "${path.module}/${local.zipfile}"
}

resource "aws_iam_policy" "courier_lambda" {
  name   = "CourierLambda"
  path   = "/"
  policy = data.aws_iam_policy_document.courier_lambda.json
}

resource "aws_iam_role" "courier_lambda" {
  name = "CourierLambda"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Action = "sts:AssumeRole"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Effect = "Allow"
      }
    ]
  })

  inline_policy {
    name = "Table"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Action = [
            "dynamodb:PutItem",
            "dynamodb:DeleteItem",
            "dynamodb:Scan"
          ],
          Effect : "Allow"
          Resource : "*"
        }
      ]
    })
  }
  inline_policy {
    name = "Push"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Action = [
            "execute-api:Invoke",
            "execute-api:ManageConnections"
          ],
          Effect : "Allow"
          Resource: "arn:aws:execute-api:*:*:*"
        }
      ]
    })
  }

  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", aws_iam_policy.courier_lambda.arn]
}

resource "aws_lambda_function" "courier" {
  filename      = "${data.archive_file.code.output_path}"
  function_name = "courier"
  role          = aws_iam_role.courier_lambda.arn
  handler       = "index.lambdaHandler"

  # https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
  runtime     = "nodejs18.x"
  timeout     = "30"
  memory_size = "${local.lambda_memory}"
}

resource "aws_cloudwatch_log_group" "courier" {
  name              = "/aws/lambda/${aws_lambda_function.courier.function_name}"
  retention_in_days = 30
}

resource "aws_dynamodb_table" "courier" {
  name         = "Courier-connections"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "connection-id"

  attribute {
    name = "connection-id"
    type = "S"
  }
}
