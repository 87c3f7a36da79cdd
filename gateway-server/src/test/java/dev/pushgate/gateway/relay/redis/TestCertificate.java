package dev.pushgate.gateway.relay.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A certificate for `127.0.0.1` that signs itself. Immutable.
///
/// @param certificate as PEM
/// @param key its key as PEM
/// @param store one that holds it as trusted
record TestCertificate(Path certificate, Path key, Path store) {
  private static final String PASSWORD = "changeit";
  private static final String NAME = "redis";

  /// Made with the JDK's own `keytool`.
  static TestCertificate make(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path pair = directory.resolve("pair.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        List.of(
            keytool,
            "-genkeypair",
            "-alias",
            NAME,
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "san=ip:127.0.0.1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            pair.toString());
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("keytool made no certificate");
    }
    KeyStore made = KeyStore.getInstance(pair.toFile(), PASSWORD.toCharArray());
    Certificate certificate = made.getCertificate(NAME);
    Key key = made.getKey(NAME, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(NAME, certificate);
    Path store = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(store)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    return new TestCertificate(
        pem(directory.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded()),
        pem(directory.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()),
        store);
  }

  private static Path pem(Path file, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  /// Runs something while this JVM trusts it, as `-Djavax.net.ssl.trustStore=` would have it: that
  /// is read whenever a client of TLS is made.
  void trusted(Runnable task) {
    Map<String, @Nullable String> before = new HashMap<>();
    Map.of(
            "javax.net.ssl.trustStore",
            store.toString(),
            "javax.net.ssl.trustStorePassword",
            PASSWORD,
            "javax.net.ssl.trustStoreType",
            "PKCS12")
        .forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      task.run();
    } finally {
      before.forEach(TestCertificate::restore);
    }
  }

  private static void restore(String name, @Nullable String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }
}
