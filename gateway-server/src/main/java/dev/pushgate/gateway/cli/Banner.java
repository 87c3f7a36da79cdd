package dev.pushgate.gateway.cli;

import dev.pushgate.auth.Secret;
import dev.pushgate.gateway.app.FirstStart;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.ClientOrigin;
import java.net.InetSocketAddress;
import java.util.Optional;

/// What a gateway says about itself when it has started. Immutable.
final class Banner {
  private final Running running;
  private final Settings settings;

  Banner(Running running, Settings settings) {
    this.running = running;
    this.settings = settings;
  }

  String text() {
    return addresses() + running.firstStart().map(this::welcome).orElse("");
  }

  private String addresses() {
    String management = "http://" + hostAndPort(running.managementAddress());
    return """
        Pushgate %s
          REST        %s/api/v1
          WebSocket   %s/ws
        %s\
          Health      %s/health/ready
          Metrics     %s/metrics
          Database    %s
        """
        .formatted(
            Conventions.Version.text(),
            origin(),
            origin().replaceFirst("^http", "ws"),
            settings.page().enabled() ? "  Page        " + origin() + "/\n" : "",
            management,
            management,
            running.store());
  }

  private String welcome(FirstStart keys) {
    Settings.Bootstrap bootstrap = settings.bootstrap();
    return """

        This is the first start. The app "default" has these keys; they are shown only now:
          publish key     %s
          secret key      %s
          management key  %s

        %s\
        Listen, in another terminal:
          PUSHGATE_KEY=%s%s ./pushgate subscribe demo
        and publish:
          curl -X POST %s/api/v1/publish -H 'Authorization: Bearer %s' \
        -H 'Content-Type: application/json' \
        -d '{"channel":"demo","event":"new","data":{"text":"hello"}}'

        """
        .formatted(
            shown(keys.publishKey(), bootstrap.publishKey()),
            shown(keys.secretKey(), bootstrap.secretKey()),
            shown(keys.managementKey(), bootstrap.managementKey()),
            settings.page().enabled() ? invitation(keys) : "",
            pasted(keys.publishKey(), bootstrap.publishKey(), "YOUR_PUBLISH_KEY"),
            localOrigin().equals(ServerOptions.DEFAULT_URL) ? "" : " PUSHGATE_URL=" + localOrigin(),
            localOrigin(),
            pasted(keys.secretKey(), bootstrap.secretKey(), "YOUR_SECRET_KEY"));
  }

  /// The link has the key in its fragment, which stays in the browser; the publish key alone, which
  /// is public anyway.
  private String invitation(FirstStart keys) {
    String key =
        settings.bootstrap().publishKey().isPresent()
            ? ""
            : "key=" + keys.publishKey().reveal() + "&";
    return """
        See the channel live, in a browser:
          %s/#%schannel=demo

        """
        .formatted(origin(), key);
  }

  /// A key that its operator chose is not written into logs.
  private static String shown(Secret key, Optional<Secret> configured) {
    return configured.isPresent() ? "(as configured)" : key.reveal();
  }

  private static String pasted(Secret key, Optional<Secret> configured, String placeholder) {
    return configured.isPresent() ? placeholder : key.reveal();
  }

  private String origin() {
    return settings
        .http()
        .publicUrl()
        .map(url -> url.toString().replaceFirst("/$", ""))
        .orElseGet(this::localOrigin);
  }

  private String localOrigin() {
    return "http://" + hostAndPort(running.address());
  }

  /// Nobody can call `0.0.0.0`: from here, such a listener is at `localhost`.
  private static String hostAndPort(InetSocketAddress address) {
    return address.getAddress() != null && address.getAddress().isAnyLocalAddress()
        ? "localhost:" + address.getPort()
        : ClientOrigin.hostAndPort(address);
  }
}
