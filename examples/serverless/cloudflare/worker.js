// A Cloudflare Worker. Settings and secrets come with each call, in env.
import { orderPaid } from '../order.js'

export default {
  async fetch(request, env) {
    return orderPaid(request, env)
  },
}
