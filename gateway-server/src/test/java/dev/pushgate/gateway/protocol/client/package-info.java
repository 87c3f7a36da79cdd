/// Tests of the package of the same name.
@NullMarked
package dev.pushgate.gateway.protocol.client;

import org.jspecify.annotations.NullMarked;
