output "websocket_url" {
  description = "Address for clients"
  value       = module.api_gateway.websocket_api_url
}

output "website" {
  value     = module.website.bucket_name
  sensitive = true
}
