export const handler = async ({ requestContext }) => ({ statusCode: requestContext.authorizer.name ? 200 : 403 });
