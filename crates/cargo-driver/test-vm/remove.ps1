#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Takes the device and the driver away, and what the other scripts set.

.DESCRIPTION
    Removes the devices, turns the verifiers off, deletes the package from the driver store, and the certificate from the
    stores. Test signing and the settings of crash dumps stay, unless -All is given. What is not there is no error, so
    that it can be run again. results stays.

.PARAMETER All
    Also brings back test signing and the settings of crash dumps as prepare.ps1 found them.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File remove.ps1 -All
#>
[CmdletBinding()]
param(
    [switch] $All
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

function Restore-CrashControl {
    <# .SYNOPSIS Brings back how crashes were recorded before prepare.ps1. #>
    $before = Get-StateValue -Name 'crashControlBefore'
    if ($null -eq $before) {
        return
    }
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\CrashControl'
    foreach ($property in $before.PSObject.Properties) {
        if ($null -eq $property.Value) {
            Remove-ItemProperty -LiteralPath $key -Name $property.Name -ErrorAction SilentlyContinue
        } else {
            Set-ItemProperty -LiteralPath $key -Name $property.Name -Value $property.Value
        }
    }
    Set-StateValue -Name 'crashControlBefore' -Value $null
    Write-Note 'crashes are recorded as before'
}

function Remove-Certificate {
    <# .SYNOPSIS Takes the test certificate out of a store. #>
    param(
        [Parameter(Mandatory = $true)] $Settings,
        [Parameter(Mandatory = $true)] [string] $Store
    )
    $path = "Cert:\LocalMachine\$Store\$($Settings.thumbprint)"
    if (Test-Path -LiteralPath $path) {
        Remove-Item -LiteralPath $path
        Write-Note "the certificate is out of $Store"
    }
}

$code = Invoke-Step -Name 'remove' -Body {
    $settings = Get-Settings
    $restart = $false
    Set-UnderWay -Step 'remove' -Action 'removing the device'
    if (@(Get-TestDevice -Settings $settings).Count -gt 0) {
        $exit = Invoke-DeviceCommand -Settings $settings -Verb 'remove'
        if ($exit -eq $ExitRestart) {
            $restart = $true
        } elseif ($exit -ne 0) {
            Stop-Step -Code $ExitRefused -Message "the device could not be removed (the exerciser ended with code $exit)"
        }
    }
    # Before the driver goes: the values are below its service.
    $key = Get-WdfKey -Settings $settings
    if (Test-Path -LiteralPath $key) {
        foreach ($value in @($settings.verifier.kmdf)) {
            Remove-ItemProperty -LiteralPath $key -Name $value.name -ErrorAction SilentlyContinue
        }
    }
    foreach ($name in @(Get-PublishedName -Settings $settings)) {
        $ended = Assert-Tool -Path 'pnputil.exe' -Arguments @('/delete-driver', $name, '/uninstall') -Good @(0, 3010)
        Write-Note "$name is out of the driver store"
        if ($ended.ExitCode -eq 3010) {
            $restart = $true
        }
    }
    $ended = Assert-Tool -Path 'verifier.exe' -Arguments @('/reset') -Good @(0, 2)
    if ($ended.ExitCode -eq 2) {
        $restart = $true
    }
    Write-Note 'Driver Verifier is reset'
    Remove-Certificate -Settings $settings -Store 'TrustedPublisher'
    Remove-Certificate -Settings $settings -Store 'Root'
    if ($All) {
        if ((Get-StateValue -Name 'testSigningBefore') -eq 'off') {
            $null = Assert-Tool -Path 'bcdedit.exe' -Arguments @('/set', 'testsigning', 'off')
            Set-StateValue -Name 'testSigningBefore' -Value $null
            Write-Note 'test signing is off after the next start of Windows'
            $restart = $true
        }
        Restore-CrashControl
    }
    if ($restart) {
        $script:StepExit = $ExitRestart
    }
}
exit $code
