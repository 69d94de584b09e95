exports.handler = (_event, _context, callback) => {
  setTimeout(() => callback(null, { statusCode: 200, body: "Disconnected" }), 5);
};
