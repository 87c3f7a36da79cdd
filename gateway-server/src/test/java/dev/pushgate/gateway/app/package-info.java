/// Tests of the package of the same name.
@NullMarked
package dev.pushgate.gateway.app;

import org.jspecify.annotations.NullMarked;
