package dev.pushgate.gateway.config;

import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What must hold between settings that are each right by themselves. Confined to one reading.
final class CrossChecks {
  private final Settings settings;
  private final List<String> problems = new ArrayList<>();

  private CrossChecks(Settings settings) {
    this.settings = settings;
  }

  /// Everything that is wrong, each as a sentence for people.
  static List<String> problemsOf(Settings settings) {
    CrossChecks checks = new CrossChecks(settings);
    checks.aResumeFitsTheOutboundLimit();
    checks.aMessageFitsWhereItGoes();
    checks.burstsHoldASecond();
    checks.timesAreInOrder();
    checks.portsDiffer();
    checks.keyIsOf(KeyKind.PUBLISH, settings.bootstrap().publishKey());
    checks.keyIsOf(KeyKind.SECRET, settings.bootstrap().secretKey());
    checks.keyIsOf(KeyKind.MANAGEMENT, settings.bootstrap().managementKey());
    checks.problems.addAll(ClusterChecks.problemsOf(settings));
    return checks.problems;
  }

  /// Else the answer to a resume could by itself close the one who resumes as a slow consumer.
  private void aResumeFitsTheOutboundLimit() {
    Limits limits = settings.limits();
    long needed =
        limits.outboundLowWater().bytes()
            + settings.recentLog().bytes().bytes()
            + 2 * limits.messageData().bytes();
    require(
        needed <= limits.outbound().bytes(),
        "pushgate.limits.outbound ("
            + limits.outbound()
            + ") must be at least "
            + new ByteSize(needed)
            + ": pushgate.limits.outbound-low-water + pushgate.recent-log.bytes"
            + " + twice pushgate.limits.message-data");
  }

  private void aMessageFitsWhereItGoes() {
    Limits limits = settings.limits();
    require(
        limits.messageData().compareTo(limits.requestBody()) <= 0,
        "pushgate.limits.message-data must not be more than pushgate.limits.request-body");
    limits
        .clientFrame()
        .ifPresent(
            frame ->
                require(
                    frame.bytes()
                        >= limits.messageData().bytes() + ClientFrameLimit.ENVELOPE.bytes(),
                    "pushgate.limits.client-frame must be at least "
                        + ClientFrameLimit.ENVELOPE
                        + " more than pushgate.limits.message-data"));
    settings
        .memory()
        .recentLogs()
        .ifPresent(
            logs ->
                require(
                    settings.recentLog().bytes().compareTo(logs) <= 0,
                    "pushgate.recent-log.bytes must not be more than"
                        + " pushgate.memory.recent-logs"));
  }

  private void burstsHoldASecond() {
    Limits limits = settings.limits();
    require(
        limits.clientFramesBurst() >= limits.clientFramesPerSecond(),
        "pushgate.limits.client-frames-burst must not be less than"
            + " pushgate.limits.client-frames-per-second");
    require(
        limits.authFailuresBurst() >= limits.authFailuresPerSecond(),
        "pushgate.limits.auth-failures-burst must not be less than"
            + " pushgate.limits.auth-failures-per-second");
  }

  private void timesAreInOrder() {
    Duration ping = settings.limits().pingInterval();
    require(
        settings.limits().idleTime().compareTo(ping) > 0,
        "pushgate.limits.idle-time must be more than pushgate.limits.ping-interval");
    require(
        settings.shutdown().limit().compareTo(settings.shutdown().drain()) >= 0,
        "pushgate.shutdown.limit must not be less than pushgate.shutdown.drain");
    require(
        settings.tokens().maxTtl().compareTo(settings.tokens().defaultTtl()) >= 0,
        "pushgate.tokens.max-ttl must not be less than pushgate.tokens.default-ttl");
  }

  private void portsDiffer() {
    int port = settings.http().port();
    require(
        port == 0 || port != settings.management().port(),
        "pushgate.http.port and pushgate.management.port must not be the same");
  }

  private void keyIsOf(KeyKind kind, Optional<Secret> key) {
    String name = "pushgate.bootstrap." + kind.wireName() + "-key";
    key.map(Secret::reveal)
        .ifPresent(
            text ->
                require(
                    text.startsWith(kind.prefix()) && KeyText.isWellFormed(text),
                    name + " must begin with " + kind.prefix() + "; a key " + KeyText.RULE));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }
}
