package dev.pushgate.gateway.app;

import dev.pushgate.gateway.config.Limits;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.net.HttpApi;
import dev.pushgate.gateway.net.HttpLimits;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.WebSocketUpgrade;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.rest.PublishLimiter;
import dev.pushgate.rest.RestApi;
import dev.pushgate.rest.RestObserver;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/// The last stage: the port for clients is open. Immutable.
record HttpStage(GatewayListener listener, InetSocketAddress address) {
  /// Longer than the keep-alive of the usual balancers, so that they and not we close first.
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

  static HttpStage start(
      Settings settings,
      HttpApi api,
      AuthStage auth,
      WebSocketUpgrade upgrade,
      GatewayLoops loops,
      Clock clock,
      LifeCycle life) {
    ClientOrigin origin =
        new ClientOrigin(
            settings.http().trustForwarded(),
            settings.http().publicUrl().map(HttpStage::origin).orElse(null));
    HttpPipeline pipeline =
        new HttpPipeline(
            api, upgrade, auth.guard(), origin, limits(settings.limits()), loops, clock);
    GatewayListener listener = new GatewayListener(loops, pipeline);
    InetSocketAddress address = listener.listen(settings.http().host(), settings.http().port());
    life.started("the listener for clients", listener::close);
    return new HttpStage(listener, address);
  }

  static RestApi api(
      Settings settings,
      StoreStage store,
      AuthStage auth,
      EngineStage engine,
      PublishLimiter limiter,
      RestObserver observer,
      Clock clock) {
    return new RestApi(
        new RestApi.Ports(
            engine.engine().relay(),
            engine.engine().channels(),
            store.store().catalog(),
            auth.authenticator(),
            auth.directory(),
            auth.keys(),
            auth.minter()),
        new RestApi.Limits(
            settings.limits().messageData().toInt(),
            settings.limits().batchMessages(),
            settings.limits().publishChannels(),
            settings.tokens().defaultTtl(),
            settings.tokens().maxTtl()),
        limiter,
        observer,
        clock);
  }

  static HttpLimits limits(Limits limits) {
    return new HttpLimits(
        limits.requestBody().toInt(), limits.handshakeTime(), limits.requestTime(), KEEP_ALIVE);
  }

  private static String origin(URI publicUrl) {
    return publicUrl.getScheme() + "://" + publicUrl.getRawAuthority();
  }
}
