/**
 * What the bundle takes of undici: a dispatcher, its connector, and `request`. Its index would bring mocks, caches,
 * WebSockets and a second fetch, and would have Node load its own copy of them: a third of the start of a run.
 */
const Dispatcher = require('../node_modules/undici/lib/dispatcher/dispatcher.js');
Dispatcher.prototype.request = require('../node_modules/undici/lib/api/api-request.js');
exports.Agent = require('../node_modules/undici/lib/dispatcher/agent.js');
exports.buildConnector = require('../node_modules/undici/lib/core/connect.js');
