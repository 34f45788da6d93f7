/**
 * What the bundle takes of undici: two dispatchers, `request` and `connect`. Its index would bring mocks, caches, WebSockets and a
 * second fetch, and would have Node load its own copy of them: a third of the start of a run.
 */
const Dispatcher = require('../node_modules/undici/lib/dispatcher/dispatcher.js');
Dispatcher.prototype.request = require('../node_modules/undici/lib/api/api-request.js');
// Proxies are reached by it.
Dispatcher.prototype.connect = require('../node_modules/undici/lib/api/api-connect.js');
exports.Agent = require('../node_modules/undici/lib/dispatcher/agent.js');
exports.EnvHttpProxyAgent = require('../node_modules/undici/lib/dispatcher/env-http-proxy-agent.js');
