package dev.pushgate.auth;

import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Two apps with a key of each kind, in a store and in the directory in front of it.
final class TwoApps {
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00.250Z");
  static final AppId ACME = new AppId("acme");
  static final AppId OTHER = new AppId("other");

  final SettableClock clock = new SettableClock(NOW);
  final InMemoryKeyStore store = new InMemoryKeyStore();
  final KeyDirectory directory = new KeyDirectory(store, clock);
  final AtomicInteger told = new AtomicInteger();
  final Keys keys = new Keys(store, directory, clock, told::incrementAndGet);
  final TokenMinter minter = new TokenMinter(clock);
  final Authenticator authenticator =
      new Authenticator(directory, new TokenVerifier(directory, clock));
  final App acme = app(ACME);
  final App other = app(OTHER);
  final Secret publishKey = KeyText.generate(KeyKind.PUBLISH);
  final Secret secretKey = KeyText.generate(KeyKind.SECRET);
  final Secret managementKey = KeyText.generate(KeyKind.MANAGEMENT);

  TwoApps() {
    List<ApiKey> first =
        List.of(described(publishKey), described(secretKey), described(managementKey));
    done(store.createApp(acme, first));
    done(store.createApp(other, List.of()));
    done(directory.refresh());
  }

  private static App app(AppId id) {
    SigningSecret secret = SigningSecret.generate(NOW);
    return new App(id, "An app", List.of("*"), true, false, List.of(secret), NOW);
  }

  private static ApiKey described(Secret text) {
    return KeyText.describe(ACME, text, "first", NOW, null);
  }

  /// The directory's description of the key of this text.
  ApiKey keyOf(Secret text) {
    return directory.byText(text.reveal()).orElseThrow();
  }

  Principal authenticated(String credential) {
    return switch (authenticator.authenticate(credential, "192.0.2.1")) {
      case Outcome.Done<Principal>(Principal principal) -> principal;
      case Outcome.Refused<Principal> refused -> throw new AssertionError(refused);
    };
  }

  /// The sentence with which a credential is refused as `INVALID_TOKEN`.
  String refused(String credential) {
    return refused(credential, Refusal.INVALID_TOKEN);
  }

  String refused(String credential, Refusal expected) {
    Outcome<Principal> outcome = authenticator.authenticate(credential, "192.0.2.1");
    if (outcome instanceof Outcome.Refused<Principal> refused && refused.refusal() == expected) {
      return refused.sentence();
    }
    throw new AssertionError("expected " + expected + " but got " + outcome);
  }

  /// What a stage has come to already.
  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
