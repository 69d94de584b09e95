resource "aws_s3_bucket" "this" {
  bucket_prefix = "megaphone-"
  force_destroy = true
}

resource "aws_s3_bucket_website_configuration" "this" {
  bucket = aws_s3_bucket.this.bucket

  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_object" "page" {
  for_each = fileset("${path.module}/../app/frontend", "**/*.html")

  bucket       = aws_s3_bucket.this.bucket
  key          = each.key
  source       = "${path.module}/../app/frontend/${each.key}"
  content_type = lookup({ html = "text/html", js = "text/javascript" }, reverse(split(".", each.key))[0], "text/plain")
  etag         = filemd5("${path.module}/../app/frontend/${each.key}")
}

resource "local_file" "config" {
  filename = "./config.js"
  content = templatefile("${path.module}/../app/frontend/config.tpl", {
    api_id = aws_apigatewayv2_api.this.id
    region = data.aws_region.this.name
    stage  = aws_apigatewayv2_stage.this.name
  })
}

resource "aws_s3_object" "config" {
  bucket       = aws_s3_bucket.this.bucket
  key          = "config.js"
  source       = "./config.js"
  content_type = "text/javascript"

  depends_on = [local_file.config]
}

data "aws_iam_policy_document" "s3" {
  statement {
    principals {
      identifiers = ["*"]
      type        = "*"
    }
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.this.arn}/*"]
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.bucket
  policy = data.aws_iam_policy_document.s3.json
}
