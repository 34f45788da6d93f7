export default ({ usage, response }) => `${usage.total} tokens, ${JSON.stringify(response)}`;
