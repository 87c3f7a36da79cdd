package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import dev.pushgate.gateway.app.FirstStart;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.SettingsReader;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BannerTest {
  private static final FirstStart KEYS =
      new FirstStart(new Secret("pub_1"), new Secret("sec_2"), new Secret("mgmt_3"));

  @Test
  void theFirstStartShowsTheKeysAndALineToPaste() throws InvalidSettingsException {
    String banner = banner(Optional.of(KEYS), Map.of());

    assertThat(banner)
        .contains("http://localhost:9000/api/v1", "ws://localhost:9000/ws")
        .contains("http://127.0.0.1:9001/health/ready")
        .contains("pub_1", "sec_2", "mgmt_3")
        .contains("PUSHGATE_KEY=pub_1 PUSHGATE_URL=http://localhost:9000 ./pushgate subscribe demo")
        .contains(
            "curl -X POST http://localhost:9000/api/v1/publish -H 'Authorization: Bearer sec_2'"
                + " -H 'Content-Type: application/json'"
                + " -d '{\"channel\":\"demo\",\"event\":\"new\",\"data\":{\"text\":\"hello\"}}'\n");
  }

  @Test
  void everyOtherStartShowsNoKey() throws InvalidSettingsException {
    assertThat(banner(Optional.empty(), Map.of())).doesNotContain("key").contains("store.db");
  }

  @Test
  void keysThatTheOperatorChoseAreNotShown() throws InvalidSettingsException {
    String banner =
        banner(
            Optional.of(KEYS),
            Map.of(
                "pushgate.bootstrap.publish-key", "pub_0123456789abcdef",
                "pushgate.bootstrap.secret-key", "sec_0123456789abcdef",
                "pushgate.bootstrap.management-key", "mgmt_0123456789abcdef"));

    assertThat(banner).doesNotContain("pub_", "sec_", "mgmt_").contains("(as configured)");
  }

  @Test
  void theLineToPasteNamesTheAddressUnlessItIsTheUsualOne() throws InvalidSettingsException {
    Settings settings = new SettingsReader(Map.of(), Map.of()).read(null, Map.of()).settings();
    int usual = settings.http().port();

    assertThat(banner(new InetSocketAddress("0.0.0.0", usual), settings))
        .contains("PUSHGATE_KEY=pub_1 ./pushgate");
    assertThat(banner(new InetSocketAddress("192.0.2.1", usual), settings))
        .contains("PUSHGATE_URL=http://192.0.2.1:" + usual);
    assertThat(banner(new InetSocketAddress("::1", usual), settings))
        .contains("PUSHGATE_URL=http://[::1]:" + usual);
  }

  private static String banner(InetSocketAddress address, Settings settings) {
    return new Banner(new Started(Optional.of(KEYS), address), settings).text();
  }

  @Test
  void thePublicUrlIsShownWhereThereIsOne() throws InvalidSettingsException {
    assertThat(banner(Optional.empty(), Map.of("pushgate.http.public-url", "https://gw.example/")))
        .contains("https://gw.example/api/v1", "wss://gw.example/ws");
  }

  @Test
  void theFirstStartPrintsALinkToTheLiveChannel() throws InvalidSettingsException {
    assertThat(banner(Optional.of(KEYS), Map.of()))
        .contains("Page        http://localhost:9000/\n")
        .contains("  http://localhost:9000/#key=pub_1&channel=demo\n");
    assertThat(banner(Optional.of(KEYS), Map.of("pushgate.http.public-url", "https://gw.example/")))
        .contains("Page        https://gw.example/\n")
        .contains("  https://gw.example/#key=pub_1&channel=demo\n");
  }

  @Test
  void theLinkHasNoKeyThatTheOperatorChose() throws InvalidSettingsException {
    assertThat(
            banner(
                Optional.of(KEYS),
                Map.of("pushgate.bootstrap.publish-key", "pub_0123456789abcdef")))
        .contains("  http://localhost:9000/#channel=demo\n")
        .doesNotContain("pub_");
  }

  @Test
  void everyOtherStartNamesThePageWithoutALink() throws InvalidSettingsException {
    assertThat(banner(Optional.empty(), Map.of()))
        .contains("\n  Page        http://localhost:9000/\n  Health ")
        .doesNotContain("#");
  }

  @Test
  void nothingIsSaidOfAPageThatIsOff() throws InvalidSettingsException {
    assertThat(banner(Optional.of(KEYS), Map.of("pushgate.page.enabled", "false")))
        .doesNotContain("Page", "#", "browser")
        .contains("/ws\n  Health ", "curl");
  }

  private static String banner(Optional<FirstStart> firstStart, Map<String, String> options)
      throws InvalidSettingsException {
    Settings settings = new SettingsReader(Map.of(), Map.of()).read(null, options).settings();
    Started started = new Started(firstStart, new InetSocketAddress("0.0.0.0", 9000));
    return new Banner(started, settings).text();
  }

  private record Started(Optional<FirstStart> firstStart, InetSocketAddress address)
      implements Running {
    @Override
    public InetSocketAddress managementAddress() {
      return new InetSocketAddress("127.0.0.1", 9001);
    }

    @Override
    public String store() {
      return "store.db";
    }

    @Override
    public void stop() {}

    @Override
    public boolean awaitStopped() {
      return true;
    }
  }
}
