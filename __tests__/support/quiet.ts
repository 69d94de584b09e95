// The SDK warns of Node versions that it will leave; what it says is for who deploys on them.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
