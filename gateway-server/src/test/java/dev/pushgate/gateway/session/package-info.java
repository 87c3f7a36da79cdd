/// Tests of sessions on real sockets against the real engine.
@NullMarked
package dev.pushgate.gateway.session;

import org.jspecify.annotations.NullMarked;
