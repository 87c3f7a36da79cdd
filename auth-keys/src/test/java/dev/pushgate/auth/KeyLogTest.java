package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pushgate.auth.App.SigningSecret;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is said of keys that are made, revoked, or no good.
class KeyLogTest {
  private static final String STRANGER = "192.0.2.7";

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = logger();
  private final TwoApps apps = new TwoApps();

  /// One of its own, so that nobody else's lines are among them.
  private Logger logger() {
    Logger own = new LoggerContext().getLogger("keys");
    lines.start();
    own.addAppender(lines);
    return own;
  }

  private List<String> said() {
    assertThat(lines.list).allMatch(line -> line.getLevel().equals(Level.INFO));
    List<String> said = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    lines.list.clear();
    return said;
  }

  private DirectorySnapshot stored() {
    return DirectorySnapshot.of(TwoApps.done(apps.store.load()));
  }

  private List<String> changesSince(DirectorySnapshot before) {
    new KeyChanges(logger, before, stored()).log();
    return said();
  }

  @Test
  void aKeyThatIsMadeOrRevokedLeavesALineThatCallsItByItsHint() {
    DirectorySnapshot first = stored();
    NewKey made = TwoApps.done(apps.keys.create(TwoApps.ACME, KeyKind.SECRET, "", null));
    String name =
        "The secret key %s (%s...) of the app acme"
            .formatted(made.key().id(), made.text().reveal().substring(0, 12));
    assertThat(changesSince(first)).containsExactly(name + " was made");

    DirectorySnapshot second = stored();
    TwoApps.done(apps.keys.revoke(TwoApps.ACME, made.key().id()));
    assertThat(changesSince(second))
        .singleElement()
        .asString()
        .startsWith(name + " was revoked")
        .doesNotContain(made.text().reveal());
    assertThat(changesSince(stored())).isEmpty();
  }

  @Test
  void anAppAndItsSecretsAndSettingsLeaveLines() {
    DirectorySnapshot nothing = DirectorySnapshot.EMPTY;
    SigningSecret secret = apps.acme.signingSecrets().getFirst();
    assertThat(changesSince(nothing))
        .contains(
            "The app acme was made",
            "The signing secret " + secret.kid() + " of the app acme was made")
        .noneMatch(line -> line.contains(secret.secret().reveal()));
    DirectorySnapshot before = stored();
    AppChange change = new AppChange(List.of("https://a.example"), false, true);
    TwoApps.done(apps.store.changeApp(TwoApps.ACME, change));
    assertThat(changesSince(before))
        .containsExactly(
            "The app acme allows pages of these origins now: https://a.example",
            "Channels of the app acme must be declared now",
            "Publish keys of the app acme may list channels and read history now");
  }

  @Test
  void whatIsShownAndNoGoodLeavesALineWithItsAddressButOnlyNowAndThen() {
    FailedCredentials failed = new FailedCredentials(logger, () -> 0);
    String text = KeyText.generate(KeyKind.SECRET).reveal();
    for (int i = 0; i < 1_000; i++) {
      failed.key(text, STRANGER);
    }
    assertThat(said())
        .singleElement()
        .asString()
        .contains(STRANGER, text.substring(0, 12))
        .doesNotContain(text.substring(0, 13));
    failed.token("The token has expired", STRANGER);
    assertThat(said()).as("not hidden by keys").singleElement().asString().contains("expired");
  }

  @Test
  void whatIsNoKeyIsNotQuoted() {
    new FailedCredentials(logger, () -> 0).key("hunter2", STRANGER);
    assertThat(said()).singleElement().asString().contains(STRANGER).doesNotContain("hunter");
  }

  @Test
  void aRevokedKeyIsCalledByItsId() {
    ApiKey key = apps.keyOf(apps.secretKey);
    new FailedCredentials(logger, () -> 0).key(key, STRANGER);
    assertThat(said()).singleElement().asString().contains(key.id(), key.hint(), STRANGER);
  }
}
