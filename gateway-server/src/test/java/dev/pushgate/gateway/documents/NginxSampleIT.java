package dev.pushgate.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.browser.Programs;
import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import dev.pushgate.gateway.testing.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The proxy's configuration in docs/operate.md, word for word but for its paths and ports: nginx
/// takes it, and in front of a gateway it keeps the port and logs no token.
@Timeout(60)
class NginxSampleIT {
  private static final String PASSWORD = "of-no-importance";

  @TempDir Path directory;
  private final int port = FreePort.any();
  private String sample = "";

  @BeforeEach
  void writeCertificates() throws Exception {
    Programs.need("nginx");
    sample = Documents.sample("docs/operate.md", "For nginx:", "nginx");
    Path store = directory.resolve("store.p12");
    run(
        "keytool -genkeypair -alias a -keyalg EC -dname CN=push.example.com -storetype PKCS12",
        "-storepass " + PASSWORD,
        "-keystore " + store);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    pem("fullchain.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
    pem("privkey.pem", "PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
  }

  @Test
  void nginxTakesIt() throws Exception {
    assertThat(sample).contains("ssl_certificate ", "ssl_certificate_key ", "listen 443 ssl;");
    assertThat(run(nginx(8080) + " -t")).contains("test is successful");
  }

  @Test
  void itKeepsThePortAndLogsNoToken() throws Exception {
    Programs.need("curl");
    try (NodeInProcess node =
        NodeInProcess.start(
            Node.environment(
                "PUSHGATE_DATA_DIR",
                directory.resolve("data").toString(),
                "PUSHGATE_HTTP_TRUST_FORWARDED",
                "true"))) {
      Process nginx = start(nginx(node.port()));
      try {
        Awaitility.await().until(() -> ask("/health").contains("\"ok\""));
        assertThat(
                ask(
                    "/api/v1/auth/token",
                    "--json",
                    "{\"publishKey\":\"" + Node.PUBLISH_KEY + "\"}"))
            .contains("\"endpoint\":\"https://localhost:" + port + "\"");
        assertThat(ask("/ws?token=" + Node.SECRET_KEY)).contains("WebSocket");
        node.close();
        assertThat(ask("/ws?token=" + Node.SECRET_KEY)).contains("502");
      } finally {
        nginx.destroy();
        nginx.waitFor();
      }
    }
    assertThat(Files.readString(directory.resolve("access.log")))
        .contains("GET /ws\" 502")
        .doesNotContain(Node.SECRET_KEY, "token=");
    assertThat(Files.readString(directory.resolve("error.log"))).doesNotContain(Node.SECRET_KEY);
  }

  /// The command that runs it, with what has to be somewhere else in a test.
  private String nginx(int gatewayPort) throws IOException {
    String config =
        sample
            .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;")
            .replace("http://127.0.0.1:8080", "http://127.0.0.1:" + gatewayPort)
            .replace("worker_connections 65536", "worker_connections 64")
            .replace("/etc/letsencrypt/live/push.example.com", directory.toString())
            .replace("/var/log/nginx", directory.toString());
    StringBuilder own = new StringBuilder("http {\n");
    for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      own.append("  %s_temp_path %s/%s;\n".formatted(kind, directory, kind));
    }
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, config.replaceFirst("http \\{\n", own.toString()));
    return "nginx -e " + directory + "/start.log -p " + directory + " -c " + file;
  }

  private String ask(String path, String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "-sk", "-m", "10"));
    command.addAll(List.of(more));
    command.add("https://localhost:" + port + path);
    return output(new ProcessBuilder(command));
  }

  private Process start(String command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("-g", "daemon off; pid " + directory + "/nginx.pid;"));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said.log").toFile())
        .start();
  }

  private String run(String... parts) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(String.join(" ", parts).split(" ")));
    if (words.getFirst().equals("keytool")) {
      words.set(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    } else {
      words.addAll(List.of("-g", "pid " + directory + "/nginx.pid;"));
    }
    return output(new ProcessBuilder(words).redirectErrorStream(true));
  }

  private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private void pem(String name, String kind, byte[] bytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
      out.write(("-----BEGIN " + kind + "-----\n").getBytes(StandardCharsets.UTF_8));
      out.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(bytes));
      out.write(("\n-----END " + kind + "-----\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
