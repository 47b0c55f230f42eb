exports.handle = async () => ({ statusCode: 200 });
