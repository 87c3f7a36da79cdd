package dev.pushgate.gateway.net.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.net.HttpLimits;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ManagementApiTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Map<String, Boolean> checks = new ConcurrentHashMap<>();
  private final Map<String, String> reasons = new ConcurrentHashMap<>();
  private final Queue<Thread> scrapers = new ConcurrentLinkedQueue<>();
  private volatile boolean ready = true;
  private final GatewayLoops loops = new GatewayLoops(Transport.best(), 1);
  private final GatewayListener listener =
      new GatewayListener(
          loops,
          new HttpPipeline(
              new ManagementApi(new Told(), "text/x-metrics", this::scrape),
              null,
              null,
              status -> {},
              new ClientOrigin(false, null),
              new HttpLimits(
                  0,
                  MemoryBudget.unlimited(),
                  HttpLimits.Connections.UNLIMITED,
                  new HttpLimits.Times(LONG, LONG, LONG),
                  new HttpLimits.LeastRate(0, LONG),
                  0),
              loops,
              Clock.systemUTC()));
  private final InetSocketAddress address = listener.listen("127.0.0.1", 0);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private String scrape() {
    scrapers.add(Thread.currentThread());
    return "up 1\n";
  }

  private final class Told implements Readiness {
    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public Map<String, Boolean> checks() {
      return checks;
    }

    @Override
    public Map<String, String> reasons() {
      return reasons;
    }
  }

  @AfterEach
  void close() {
    client.close();
    listener.close();
    loops.close(Duration.ofSeconds(10));
  }

  @Test
  void aRunningProcessIsLive() throws Exception {
    checks.put("store", false);
    HttpResponse<String> answer = ask("GET", "/health/live");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"up\"}");
  }

  @Test
  void aNodeIsUpWhenEveryCheckHolds() throws Exception {
    checks.putAll(Map.of("store", true, "accepting", true));
    HttpResponse<String> answer = ask("GET", "/health/ready");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("{\"status\":\"up\",\"checks\":{\"accepting\":\"up\",\"store\":\"up\"}}");
  }

  @Test
  void aNodeThatLacksSomethingIsDegradedButReady() throws Exception {
    checks.putAll(Map.of("store", false, "accepting", true));
    HttpResponse<String> answer = ask("GET", "/health/ready");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"status\":\"degraded\",\"checks\":{\"accepting\":\"up\",\"store\":\"down\"}}");
  }

  @Test
  void whatItLacksIsSaidInTheWordsOfWhoeverRefuses() throws Exception {
    checks.put("store", false);
    reasons.put("store", "ERROR: relation \"messages\" does not exist");
    assertThat(ask("GET", "/health/ready").body())
        .isEqualTo(
            "{\"status\":\"degraded\",\"checks\":{\"store\":\"down\"},\"reasons\":"
                + "{\"store\":\"ERROR: relation \\\"messages\\\" does not exist\"}}");
  }

  @Test
  void aNodeThatTakesNobodyIsNotReady() throws Exception {
    ready = false;
    checks.putAll(Map.of("accepting", false));
    HttpResponse<String> answer = ask("GET", "/health/ready");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo("{\"status\":\"down\",\"checks\":{\"accepting\":\"down\"}}");
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    HttpResponse<String> answer = ask("GET", "/metrics");
    assertThat(answer.body()).isEqualTo("up 1\n");
    assertThat(answer.headers().firstValue("content-type")).contains("text/x-metrics");
    assertThat(scrapers).isNotEmpty().noneMatch(loops.all().getFirst().eventLoop()::inEventLoop);
    assertThat(ask("HEAD", "/metrics").headers().firstValue("content-length")).contains("5");
  }

  @Test
  void nothingElseIsThere() throws Exception {
    assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/ws").statusCode()).isEqualTo(404);
    HttpResponse<String> posted = ask("POST", "/metrics");
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("allow")).contains("GET, HEAD");
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http:/" + address + path))
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
  }
}
