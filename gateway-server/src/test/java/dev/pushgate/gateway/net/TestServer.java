package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A listener on a free port of the loopback interface, with a function in the API's place. What is
/// set before [#start] is taken up there.
final class TestServer implements AutoCloseable {
  static final int MAX_BODY_BYTES = 1000;

  /// The times are long enough never to be met by accident.
  static final HttpLimits PATIENT = limits(Duration.ofMinutes(1), MemoryBudget.unlimited());

  static final Instant NOW = Instant.parse("2026-11-02T03:04:05Z");

  final List<ApiRequest> requests = new CopyOnWriteArrayList<>();

  /// The statuses of what the transport refused by itself.
  final List<Integer> refusals = new CopyOnWriteArrayList<>();

  /// How many connections were closed as soon as they came.
  final AtomicInteger turnedAway = new AtomicInteger();

  final GatewayLoops loops;
  HttpApi api = request -> CompletableFuture.completedStage(echo(request));
  HttpLimits limits = PATIENT;
  ClientOrigin origin = new ClientOrigin(false, null);
  @Nullable AddressGuard guard;
  @Nullable WebSocketUpgrade upgrade;

  private @Nullable GatewayListener listener;
  private @Nullable HttpPipeline pipeline;
  private InetSocketAddress address = new InetSocketAddress(0);

  TestServer(Transport transport) {
    loops = new GatewayLoops(transport, 2);
  }

  private static HttpLimits limits(Duration each, MemoryBudget memory) {
    return new HttpLimits(
        MAX_BODY_BYTES,
        memory,
        HttpLimits.Connections.UNLIMITED,
        new HttpLimits.Times(each, each, each),
        new HttpLimits.LeastRate(0, each),
        0);
  }

  void maxBodyBytes(int bytes) {
    limits =
        new HttpLimits(
            bytes,
            limits.memory(),
            limits.connections(),
            limits.times(),
            limits.leastRate(),
            limits.socketBytes());
  }

  TestServer with(HttpLimits.Times times) {
    limits =
        new HttpLimits(
            limits.maxBodyBytes(),
            limits.memory(),
            limits.connections(),
            times,
            limits.leastRate(),
            limits.socketBytes());
    return this;
  }

  TestServer with(HttpLimits.LeastRate rate) {
    limits =
        new HttpLimits(
            limits.maxBodyBytes(),
            limits.memory(),
            limits.connections(),
            limits.times(),
            rate,
            limits.socketBytes());
    return this;
  }

  /// @param bytes that the system buffers for a socket
  TestServer withSocketBytes(int bytes) {
    limits =
        new HttpLimits(
            limits.maxBodyBytes(),
            limits.memory(),
            limits.connections(),
            limits.times(),
            limits.leastRate(),
            bytes);
    return this;
  }

  TestServer with(HttpLimits.Connections connections) {
    limits =
        new HttpLimits(
            limits.maxBodyBytes(),
            limits.memory(),
            connections,
            limits.times(),
            limits.leastRate(),
            limits.socketBytes());
    return this;
  }

  /// @param parts of one holder
  TestServer with(MemoryKind kind, long bytes, MemoryParts parts) {
    Map<MemoryKind, Long> each = new EnumMap<>(MemoryKind.class);
    for (MemoryKind one : MemoryKind.values()) {
      each.put(one, one == kind ? bytes : Long.MAX_VALUE);
    }
    limits =
        new HttpLimits(
            limits.maxBodyBytes(),
            new MemoryBudget(each, parts),
            limits.connections(),
            limits.times(),
            limits.leastRate(),
            limits.socketBytes());
    return this;
  }

  long held(MemoryKind kind) {
    return limits.memory().share(kind).usedBytes();
  }

  TestServer start() {
    HttpPipeline made =
        new HttpPipeline(
            new Noting(),
            upgrade,
            guard,
            new Observing(),
            origin,
            limits,
            loops,
            Clock.fixed(NOW, ZoneOffset.UTC));
    pipeline = made;
    listener = new GatewayListener(loops, made);
    address = listener.listen("127.0.0.1", 0);
    return this;
  }

  InetSocketAddress address() {
    return address;
  }

  RawClient connect() throws IOException {
    return new RawClient(address);
  }

  /// @param bytes that the client's system takes in advance
  RawClient connectWithWindow(int bytes) throws IOException {
    return new RawClient(address, bytes);
  }

  GatewayListener listener() {
    return Objects.requireNonNull(listener);
  }

  int openConnections() {
    return Objects.requireNonNull(pipeline).openConnections();
  }

  int allConnections() {
    return Objects.requireNonNull(pipeline).allConnections();
  }

  /// As when file descriptors have run out.
  void failToAccept() {
    listener().failToAccept(new IOException("accept(..) failed: Too many open files"));
  }

  long heldBodyBytes() {
    return Objects.requireNonNull(pipeline).heldBodyBytes();
  }

  static ApiResponse text(int status, String body) {
    return new ApiResponse(
        status, Map.of("content-type", "text/plain"), body.getBytes(StandardCharsets.UTF_8));
  }

  /// `METHOD /path ?query [body]`
  static ApiResponse echo(ApiRequest request) {
    return text(
        200,
        "%s %s ?%s [%s]"
            .formatted(
                request.method(),
                request.path(),
                request.query(),
                new String(request.body(), StandardCharsets.UTF_8)));
  }

  private final class Observing implements HttpObserver {
    @Override
    public void refused(int status) {
      refusals.add(status);
    }

    @Override
    public void turnedAway() {
      turnedAway.incrementAndGet();
    }
  }

  private final class Noting implements HttpApi {
    @Override
    public CompletionStage<ApiResponse> handle(ApiRequest request) {
      requests.add(request);
      return api.handle(request);
    }

    @Override
    public Reception reception(ApiRequest head) {
      return switch (api.reception(head)) {
        case Reception.Refused refused -> refused;
        case Reception.Read(int maxBytes, var holder, var then) ->
            new Reception.Read(
                maxBytes,
                holder,
                (request, room) -> {
                  requests.add(request);
                  return then.answer(request, room);
                });
      };
    }
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    loops.close(Duration.ofSeconds(10));
  }
}
