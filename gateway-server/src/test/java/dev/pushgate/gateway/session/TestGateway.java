package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.Grants;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Secret;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.auth.TokenVerifier;
import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.presence.LocalRosters;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Relay;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.gateway.net.AddressGuard;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.net.HttpLimits;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.protocol.pushflo.PushFloProtocol;
import dev.pushgate.gateway.protocol.pushflo.PushFloWireFormat;
import dev.pushgate.rest.ApiResponse;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A gateway on a free port of the loopback: real sockets, loops and engine; stores without a
/// database.
final class TestGateway implements AutoCloseable {
  static final int LOG_MESSAGES = 1_000;
  static final String NODE = "n1";

  /// A channel declared before the start: its first join has to ask the store.
  static final String KEPT = "kept";

  /// What the system buffers for a client: little, so that one that does not read is soon seen.
  private static final int SOCKET_BYTES = 16 << 10;

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final App.SigningSecret SIGNING =
      new App.SigningSecret("s1", new Secret("k".repeat(43)), Instant.EPOCH);

  final FakeStore store = new FakeStore();
  final FakeKeyStore keyStore = new FakeKeyStore();
  final KeyDirectory keys;
  final List<Integer> httpRefusals = new CopyOnWriteArrayList<>();
  final Secret publishKey = KeyText.generate(KeyKind.PUBLISH);
  final Secret secretKey = KeyText.generate(KeyKind.SECRET);
  final LocalRosters rosters =
      new LocalRosters(
          new RosterLimits(1_000, 512 << 10), Duration.ZERO, System::nanoTime, new SecureRandom());
  final NodeSessions sessions;
  final Places places;
  final Engine engine;
  final int port;

  /// What sessions publish through, in place of the engine's.
  volatile @Nullable Relay otherRelay;

  final MemoryBudget memory;
  private final Clock clock;
  private final List<ApiKey> apiKeys;
  private final List<SessionCounters> counters = new ArrayList<>();
  private final QuietShards observer = new QuietShards();
  private final GatewayLoops loops;
  private final InboundMemory inbound;
  private final GatewayListener listener;
  private App app =
      new App(AppId.DEFAULT, "default", List.of("*"), true, false, List.of(SIGNING), Instant.EPOCH);

  TestGateway() {
    this(TestLimits.GENEROUS);
  }

  TestGateway(SessionLimits limits) {
    this(limits, Clock.systemUTC());
  }

  /// @param clock by which keys and tokens end
  TestGateway(SessionLimits limits, Clock clock) {
    this(limits, Transport.best(), patient(), clock);
  }

  TestGateway(SessionLimits limits, Transport transport) {
    this(limits, transport, patient());
  }

  TestGateway(SessionLimits limits, Transport transport, AddressGuard guard) {
    this(limits, transport, guard, Clock.systemUTC());
  }

  TestGateway(SessionLimits limits, MemoryBudget memory) {
    this(limits, Transport.best(), patient(), Clock.systemUTC(), memory);
  }

  /// More failures than a test makes.
  private static AddressGuard patient() {
    return new AddressGuard(1, 1_000, 100, System::nanoTime);
  }

  private TestGateway(SessionLimits limits, Transport transport, AddressGuard guard, Clock clock) {
    this(limits, transport, guard, clock, MemoryBudget.unlimited());
  }

  private TestGateway(
      SessionLimits limits,
      Transport transport,
      AddressGuard guard,
      Clock clock,
      MemoryBudget memory) {
    this.memory = memory;
    this.clock = clock;
    this.keys = new KeyDirectory(keyStore, clock);
    Instant now = clock.instant();
    apiKeys =
        List.of(
            KeyText.describe(AppId.DEFAULT, publishKey, "", now, null),
            KeyText.describe(AppId.DEFAULT, secretKey, "", now, null));
    setApp(app);
    loops = new GatewayLoops(transport, 2);
    engine = engine();
    places = new Places(limits.room(), memory.share(MemoryKind.CONNECTIONS));
    Authenticator authenticator = new Authenticator(keys, new TokenVerifier(keys, clock));
    SessionServices services = services(limits, new Authentication(keys, authenticator, guard));
    inbound = new InboundMemory(memory.share(MemoryKind.INBOUND));
    sessions = new NodeSessions(loops.all().stream().map(loop -> on(loop, services)).toList());
    keys.onChange(sessions::closeEnded);
    WebSocketGate gate = new WebSocketGate(loops, sessions, services, places, httpRefusals::add);
    listener =
        new GatewayListener(
            loops,
            new HttpPipeline(
                request ->
                    CompletableFuture.completedStage(new ApiResponse(404, Map.of(), new byte[0])),
                gate,
                guard,
                httpRefusals::add,
                new ClientOrigin(false, null),
                new HttpLimits(
                    1 << 20,
                    MemoryBudget.unlimited(),
                    HttpLimits.Connections.UNLIMITED,
                    new HttpLimits.Times(LONG, LONG, LONG),
                    new HttpLimits.LeastRate(0, LONG),
                    SOCKET_BYTES),
                loops,
                Clock.systemUTC()));
    port = listener.listen("127.0.0.1", 0).getPort();
    engine.start();
  }

  private Engine engine() {
    DeclaredChannel kept = declared(KEPT, false);
    store.add(kept);
    return new Engine(
        loops.all().stream().map(GatewayLoop::shardLoop).toList(),
        new HomeLimits(
            new HomeLimits.Log(LOG_MESSAGES, 512 * 1024, LONG, LONG, 24 << 20, 100),
            new HomeLimits.Idempotency(LONG),
            new HomeLimits.Waiting(100, 1 << 20, 100, 8 << 20, LONG),
            new HomeLimits.Turn(256, 1 << 20)),
        new Engine.Stores(store, store),
        ChannelDirectory.of(List.of(kept), new PrivateNames(Duration.ofDays(1), System::nanoTime)),
        null,
        rosters,
        new Engine.Sources(
            Clock.systemUTC(),
            Clock.systemUTC()::millis,
            new SecureRandom(),
            observer,
            PooledByteBufAllocator.DEFAULT,
            new LocalOccupancy(),
            memory));
  }

  private SessionServices services(SessionLimits limits, Authentication authentication) {
    return new SessionServices(
        NODE,
        request -> {
          Relay other = otherRelay;
          return (other == null ? engine.relay() : other).publish(request);
        },
        engine.channels(),
        authentication,
        new PushFloProtocol(new PushFloWireFormat(0), 65_536, LOG_MESSAGES),
        clock,
        System::nanoTime,
        limits);
  }

  private Sessions on(GatewayLoop loop, SessionServices services) {
    SessionCounters counted = new SessionCounters();
    counters.add(counted);
    return new Sessions(
        loop, engine.shards().get(loop.index()), services, counted, places, inbound);
  }

  App app() {
    return app;
  }

  void setApp(App changed) {
    app = changed;
    keyStore.set(List.of(app), apiKeys);
    keys.refresh().toCompletableFuture().join();
  }

  /// The app with these settings, everything else as it is.
  void setApp(List<String> origins, boolean undeclaredChannels) {
    setApp(
        new App(
            app.id(),
            app.name(),
            origins,
            undeclaredChannels,
            false,
            List.of(SIGNING),
            Instant.EPOCH));
  }

  /// Revokes the publish key.
  void revokePublishKey() {
    Instant now = Clock.systemUTC().instant();
    var unused = keyStore.revokeKey(AppId.DEFAULT, apiKeys.getFirst().id(), now);
    keys.refresh().toCompletableFuture().join();
  }

  SocketClient connect() {
    return connect(publishKey.reveal());
  }

  /// A client that is connected, with this key or token.
  SocketClient connect(String credential) {
    SocketClient client = new SocketClient(port);
    assertThat(client.handshake("/ws?token=" + credential)).startsWith("http/1.1 101 ");
    assertThat(client.next()).startsWith("{\"type\":\"connected\",\"clientId\":\"");
    return client;
  }

  /// A token of client `me` that allows these on channels of this pattern.
  String token(String pattern, Permission... permissions) {
    return token(Duration.ofHours(1), new Grants(Map.of(pattern, Set.of(permissions))));
  }

  /// A token of a user that allows everything.
  String tokenOf(String userId) {
    Grants all = new Grants(Map.of("*", Set.of(Permission.values())));
    return token(new TokenRequest("me", userId, Duration.ofHours(1), all, null));
  }

  String token(Duration ttl, @Nullable Grants grants) {
    return token(new TokenRequest("me", null, ttl, grants, null));
  }

  String token(TokenRequest request) {
    return new TokenMinter(clock).mint(app, request).token();
  }

  /// Publishes and gives the offset.
  long publish(String channel, String json) {
    Outcome<Published> outcome =
        engine
            .relay()
            .publish(
                new PublishRequest(
                    key(channel), "message", "server", json.getBytes(StandardCharsets.UTF_8), null))
            .toCompletableFuture()
            .join();
    return ((Outcome.Done<Published>) outcome).value().position().offset();
  }

  void declare(String channel, boolean isPrivate) {
    DeclaredChannel declared = declared(channel, isPrivate);
    assertThat(engine.channels().declare(declared).toCompletableFuture().join())
        .isInstanceOf(Outcome.Done.class);
  }

  static DeclaredChannel declared(String channel, boolean isPrivate) {
    return new DeclaredChannel("id", key(channel), channel, null, isPrivate, null, 0, 0);
  }

  static ChannelKey key(String channel) {
    return new ChannelKey(AppId.DEFAULT, new ChannelName(channel));
  }

  long open() {
    return counters.stream().mapToLong(SessionCounters::openCount).sum();
  }

  /// What was queued for all clients so far.
  long queuedBytes() {
    return counters.stream().mapToLong(SessionCounters::bytesSentTotal).sum();
  }

  long closed(CloseReason reason) {
    return counters.stream().mapToLong(counted -> counted.closedTotal(reason)).sum();
  }

  long turnedAway(CloseReason reason) {
    return counters.stream().mapToLong(counted -> counted.turnedAwayTotal(reason)).sum();
  }

  @Override
  public void close() {
    sessions.drain(Duration.ZERO).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    listener.close();
    loops.close(Duration.ofSeconds(10));
    observer.rethrow();
  }
}
