package dev.pushgate.gateway.app;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.gateway.config.ByteSize;
import dev.pushgate.gateway.config.Limits;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.net.HttpApi;
import dev.pushgate.gateway.net.HttpLimits;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.WebSocketUpgrade;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.observe.HttpMeters;
import dev.pushgate.gateway.page.FileApi;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.PublishLimiter;
import dev.pushgate.rest.Reception;
import dev.pushgate.rest.RestApi;
import dev.pushgate.rest.RestObserver;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The last stage: the port for clients is open. Immutable.
record HttpStage(GatewayListener listener, InetSocketAddress address) {
  /// Longer than the keep-alive of the usual balancers, so that they and not we close first.
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

  private static final Duration RATE_WINDOW = Duration.ofSeconds(5);

  static HttpStage start(
      Settings settings,
      RestApi api,
      AuthStage auth,
      WebSocketUpgrade upgrade,
      MemoryBudget memory,
      HttpMeters meters,
      GatewayLoops loops,
      Clock clock,
      LifeCycle life) {
    ClientOrigin origin =
        new ClientOrigin(
            settings.http().trustForwarded(),
            settings.http().publicUrl().map(HttpStage::origin).orElse(null));
    HttpPipeline pipeline =
        new HttpPipeline(
            new FileApi(settings.page().enabled(), new Rest(api)),
            upgrade,
            auth.guard(),
            meters,
            origin,
            limits(
                settings.limits(),
                settings.limits().requestBody().toInt(),
                memory,
                ConnectionLimits.of(settings, memory)),
            loops,
            clock);
    meters.connections(pipeline::openConnections);
    meters.allConnections(pipeline::allConnections, pipeline.maxConnections());
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
      ClusterStage cluster,
      PublishLimiter limiter,
      RestObserver observer,
      Clock clock) {
    return new RestApi(
        new RestApi.Ports(
            engine.engine().relay(),
            engine.engine().channels(),
            store.store().catalog(),
            cluster.rosters(),
            auth.authenticator(),
            auth.directory(),
            auth.keys(),
            auth.minter(),
            cluster.forRest(engine)),
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

  /// Else the largest requests would be refused for ever.
  ///
  /// @throws StartFailedException when one client's part of the memory for bodies is smaller than a
  ///     body may be
  static void requireRoomForABody(Settings settings, MemoryBudget memory)
      throws StartFailedException {
    ByteSize body = settings.limits().requestBody();
    long room = HttpLimits.largestBodyBytes(memory);
    if (body.bytes() > room) {
      throw new StartFailedException(
          "pushgate.limits.request-body is %s, and of pushgate.memory.bodies (%s) one client may have %s for a body: lower the one, or raise the other or the heap"
              .formatted(
                  body,
                  wholeKibibytes(memory.share(MemoryKind.BODIES).limitBytes()),
                  wholeKibibytes(room)));
    }
  }

  private static ByteSize wholeKibibytes(long bytes) {
    return new ByteSize(bytes - bytes % 1024);
  }

  /// @param memory what the bodies and answers of this listener may take
  static HttpLimits limits(
      Limits limits, int maxBodyBytes, MemoryBudget memory, HttpLimits.Connections connections) {
    return new HttpLimits(
        maxBodyBytes,
        memory,
        connections,
        new HttpLimits.Times(limits.handshakeTime(), limits.requestTime(), KEEP_ALIVE),
        new HttpLimits.LeastRate(limits.leastRate().toInt(), RATE_WINDOW),
        limits.socketSendBuffer().toInt());
  }

  /// The REST API as the transport sees it.
  private record Rest(RestApi api) implements HttpApi {
    @Override
    public CompletionStage<ApiResponse> handle(ApiRequest request) {
      return api.handle(request);
    }

    @Override
    public Reception reception(ApiRequest head) {
      return api.reception(head);
    }
  }

  private static String origin(URI publicUrl) {
    return publicUrl.getScheme() + "://" + publicUrl.getRawAuthority();
  }
}
