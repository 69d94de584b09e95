exports.handler = (_event, _context, callback) => callback(null, { statusCode: 200, body: "Connected" });
