package dev.pushgate.gateway.app;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.net.HttpLimits;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.management.ManagementApi;
import dev.pushgate.gateway.net.management.Readiness;
import dev.pushgate.gateway.observe.Metrics;
import java.net.InetSocketAddress;
import java.time.Clock;

/// The listener for operators: it opens before the one for clients and closes behind it, so that a
/// balancer is told all along. Immutable.
record OperatorStage(InetSocketAddress address) {

  static OperatorStage start(
      Settings settings,
      Readiness readiness,
      Metrics metrics,
      GatewayLoops loops,
      Clock clock,
      LifeCycle life) {
    HttpPipeline pipeline =
        new HttpPipeline(
            new ManagementApi(readiness, Metrics.CONTENT_TYPE, metrics::scrape),
            null,
            null,
            status -> {},
            new ClientOrigin(false, null),
            HttpStage.limits(
                settings.limits(), 0, MemoryBudget.unlimited(), HttpLimits.Connections.UNLIMITED),
            loops,
            clock);
    GatewayListener listener = new GatewayListener(loops, pipeline);
    InetSocketAddress address =
        listener.listen(settings.management().host(), settings.management().port());
    life.started("the listener for operators", listener::close);
    return new OperatorStage(address);
  }
}
